/*
 * Changing single documents of an index from the command line.
 */
#define _XOPEN_SOURCE 700 /* NOLINT: realpath */

#include "indexer/cli/change_verb.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/tool/exit.h"
#include "common/tool/say.h"

static const char *take(void *user, int id, const char *value)
{
    pi_change_verb *c = user;
    (void)id; /* there is one option */
    return pi_wait_read(&c->wait, value) ? NULL : "not a number of seconds";
}

static int no_folder(const char *prefix, const char *dir, void *user)
{
    (void)prefix, (void)dir, (void)user;
    return 1;
}

int pi_change_open(pi_change_verb *c, const pi_verb *verb, int argc,
                   char **argv)
{
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    *c = (pi_change_verb){.verb = verb};
    int status = pi_verb_read(verb, argc, argv, take, c, &c->line);
    if (status || c->line.done)
        return status;
    if (c->line.operand_count == 0)
        return pi_verb_refuse(verb, "which files?");
    status = pc_find_index(c->line.index, c->index);
    if (status)
        return status;
    /* A writer would make the index that is not there. */
    int rc = parasol_index_folders(c->index, no_folder, NULL, &err);
    if (rc == PARASOL_NOTFOUND)
        return pi_verb_fail(verb, rc, &err);
    err = (parasol_error){0};
    o.update = PARASOL_UPDATE;
    o.store_text = -1;
    do
        rc = parasol_indexer_open(&c->w, c->index, &o, &err);
    while (rc == PARASOL_LOCKED && pi_wait_more(&c->wait, verb->name, &err));
    return rc ? pi_verb_fail_writing(verb, rc, &err) : PC_EXIT_OK;
}

/* ---- places ------------------------------------------------------------- */

typedef struct search {
    const char *real; /* the path */
    pi_place *out;
    bool found;
} search;

static bool fits(char out[PC_PATH_BYTES], const char *z)
{
    size_t n = strlen(z);
    if (n >= PC_PATH_BYTES)
        return false;
    memcpy(out, z, n + 1);
    return true;
}

static int on_folder(const char *prefix, const char *dir, void *user)
{
    search *s = user;
    char real[PATH_MAX];
    if (!realpath(dir, real))
        return 0;
    size_t n = strcmp(real, "/") == 0 ? 0 : strlen(real);
    if (strncmp(s->real, real, n) != 0 || s->real[n] != '/' ||
        s->real[n + 1] == 0)
        return 0;
    s->found = fits(s->out->prefix, prefix) && fits(s->out->dir, real) &&
               fits(s->out->path, s->real + n + 1);
    return s->found;
}

/* The absolute path of a name in a folder that is there. */
static bool real_of(const char *path, char out[PATH_MAX])
{
    char folder[PATH_MAX];
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    size_t name = n;
    while (name > 0 && path[name - 1] != '/')
        name--;
    if (n == 0 || name >= sizeof folder)
        return false;
    memcpy(folder, name > 0 ? path : ".", name > 0 ? name : 1);
    folder[name > 0 ? name : 1] = 0;
    if (!realpath(folder, out))
        return false;
    size_t at = strcmp(out, "/") == 0 ? 0 : strlen(out);
    if (at + 1 + (n - name) >= PATH_MAX)
        return false;
    out[at] = '/';
    memcpy(out + at + 1, path + name, n - name);
    out[at + 1 + (n - name)] = 0;
    return true;
}

bool pi_change_find(const pi_change_verb *c, const char *path, pi_place *out)
{
    char real[PATH_MAX];
    search s = {real, out, false};
    return real_of(path, real) &&
           parasol_index_folders(c->index, on_folder, &s, NULL) == PARASOL_OK &&
           s.found;
}

/* ---- the end ------------------------------------------------------------ */

static void say(const pi_change_verb *c, const parasol_commit_info *info)
{
    uint64_t same = info->documents - info->added - info->changed;
    if (c->line.quiet)
        return;
    if (info->unchanged)
        fprintf(stderr, "nothing has changed: =%" PRIu64 "\n", same);
    else
        fprintf(stderr,
                "+%" PRIu64 " ~%" PRIu64 " -%" PRIu64 " =%" PRIu64
                "  commit %" PRIu64 "\n",
                info->added, info->changed, info->removed, same, info->commit);
}

int pi_change_close(pi_change_verb *c, int rc, parasol_error *err, int status)
{
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    if (!rc)
        rc = parasol_indexer_commit(c->w, &info, err);
    parasol_indexer_close(c->w);
    if (rc)
        return pi_verb_fail_writing(c->verb, rc, err);
    say(c, &info);
    return status;
}
