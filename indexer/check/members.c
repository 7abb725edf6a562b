/*
 * Files of a commit.
 */
#include "indexer/check/members.h"

#include <stdio.h>

#include "common/base/fail.h"
#include "common/os/file.h"

/* Commits that may come while the files of one are opened. */
#define TRIES 16

void pi_members_init(pi_members *x, pi_check *c)
{
    *x = (pi_members){.c = c};
    pc_manifest_init(&x->manifest, c->mem);
    pc_arena_init(&x->arena, c->mem, 0);
    pc_buf_init(&x->path, c->mem);
}

static void forget(pi_members *x)
{
    for (size_t i = 0; i < x->n; i++)
        pi_bytes_release(&x->list[i].bytes, x->c->mem);
    x->n = 0;
    x->c->bytes_to_do = 0;
    pc_manifest_release(&x->manifest);
    pc_arena_clear(&x->arena);
}

void pi_members_release(pi_members *x)
{
    forget(x);
    pc_free(x->c->mem, x->list);
    pc_arena_release(&x->arena);
    pc_buf_release(&x->path);
}

const char *pi_members_path(pi_members *x, const char *name)
{
    pc_buf_clear(&x->path);
    pc_buf_put_fmt(&x->path, "%s/%s", x->c->dir, name);
    pc_buf_put_u8(&x->path, 0);
    if (x->path.status)
        pi_check_nomem(x->c);
    return x->path.status ? NULL : (const char *)x->path.ptr;
}

bool pi_members_has(const pi_members *x, pc_str name)
{
    for (size_t i = 0; i < x->n; i++) {
        if (pc_str_eq(name, pc_str_of(x->list[i].name)))
            return true;
    }
    return false;
}

/* ---- members ------------------------------------------------------------ */

/* Letter and kind of the files with a number; 0: not one of them. */
static char letter_of(enum pc_name of, uint32_t *kind)
{
    switch (of) {
    case PC_NAME_SEGMENT: *kind = PC_KIND_SEGMENT; return 's';
    case PC_NAME_SKIPS: *kind = PC_KIND_SKIPS; return 'k';
    case PC_NAME_LIVE: *kind = PC_KIND_LIVE; return 'l';
    case PC_NAME_FILES: *kind = PC_KIND_FILES; return 'f';
    case PC_NAME_FOREIGN:
    case PC_NAME_MANIFEST:
    case PC_NAME_LOCK:
    case PC_NAME_LOG:
    case PC_NAME_TEMPORARY: break;
    }
    return 0;
}

static void add(pi_members *x, pi_member m)
{
    char letter = letter_of(m.of, &m.kind);
    if (!letter || x->c->stopped)
        return;
    if (pc_grow(x->c->mem, (void **)&x->list, &x->cap, x->n + 1,
                sizeof *x->list)) {
        pi_check_nomem(x->c);
        return;
    }
    (void)snprintf(m.name, sizeof m.name, "%c%llu.seg", letter,
                   (unsigned long long)m.number);
    x->list[x->n++] = m;
}

static void add_named(pi_members *x, enum pc_name of,
                      const pc_manifest_segment *entry, uint64_t number,
                      uint64_t file_bytes, uint32_t crc)
{
    if (number)
        add(x, (pi_member){.of = of,
                           .entry = entry,
                           .number = number,
                           .file_bytes = file_bytes,
                           .trailer_crc = crc,
                           .is_named = true});
}

static void members_of_manifest(pi_members *x)
{
    const pc_manifest *m = &x->manifest;
    for (size_t i = 0; i < m->n_segments; i++) {
        const pc_manifest_segment *s = &m->segments[i];
        add_named(x, PC_NAME_SEGMENT, s, s->number, s->file_bytes,
                  s->trailer_crc);
        add_named(x, PC_NAME_LIVE, s, s->live_number, s->live_bytes,
                  s->live_crc);
    }
    add_named(x, PC_NAME_SKIPS, NULL, m->skips_number, m->skips_bytes,
              m->skips_crc);
    add_named(x, PC_NAME_FILES, NULL, m->files_number, m->files_bytes,
              m->files_crc);
}

/* Without a manifest, every sealed file may belong to the commit. */
static void members_of_directory(pi_members *x)
{
    for (size_t i = 0; i < x->n_names; i++) {
        uint64_t number;
        enum pc_name of = pc_name_parse(x->names[i], &number);
        add(x, (pi_member){.of = of, .number = number});
    }
}

/* Maps all; false if one is gone. */
static bool map_all(pi_members *x)
{
    bool all = true;
    for (size_t i = 0; i < x->n && !x->c->stopped; i++) {
        pi_member *m = &x->list[i];
        parasol_error err = {0};
        const char *path = pi_members_path(x, m->name);
        m->bytes.name = m->name;
        int rc = path ? pc_map_open(&m->bytes.map, path, &err) : PARASOL_OK;
        m->is_missing = rc == PARASOL_NOTFOUND;
        if (rc && !m->is_missing)
            pi_check_stop(x->c, rc, &err);
        all = all && !m->is_missing;
        x->c->bytes_to_do += m->bytes.map.len;
    }
    return all;
}

/* ---- the manifest ------------------------------------------------------- */

/* The highest manifest in the listing, 0 for none; *ours is whether there is
   any file that only an index has. */
static uint64_t newest_name(const pi_members *x, bool *ours)
{
    uint64_t newest = 0;
    *ours = false;
    for (size_t i = 0; i < x->n_names; i++) {
        uint64_t number;
        enum pc_name kind = pc_name_parse(x->names[i], &number);
        if (kind == PC_NAME_MANIFEST && number > newest)
            newest = number;
        *ours = *ours || kind == PC_NAME_MANIFEST || kind == PC_NAME_SEGMENT;
    }
    return newest;
}

/* *why keeps what is wrong with a manifest; PARASOL_OK also then. */
static int read_manifest(pi_members *x, parasol_error *why)
{
    bool ours = false;
    int rc = pc_manifest_newest(x->c->dir, &x->manifest, x->c->mem, why);
    x->has_manifest = rc == PARASOL_OK;
    int listed = pc_dir_list(&x->names, &x->n_names, x->c->dir, &x->arena,
                             rc ? NULL : why);
    if (listed)
        return rc ? rc : listed;
    (void)newest_name(x, &ours);
    if (rc == PARASOL_CORRUPT || (rc == PARASOL_NOTFOUND && ours))
        return PARASOL_OK;
    return rc;
}

static void tell_manifest(pi_members *x, const parasol_error *why)
{
    static const char affects[] =
        "the whole index: which files belong to it is not known";
    char name[40] = "manifest";
    bool ours;
    uint64_t newest = newest_name(x, &ours);
    const char *what = newest ? why->message : "there is none";
    if (newest)
        (void)snprintf(name, sizeof name, "manifest.%llu",
                       (unsigned long long)newest);
    pi_damage(x->c, (pi_place){name, "", PARASOL_NO_OFFSET, 0}, affects, "%s",
              what);
}

/* Is the newest commit the one at hand? */
static bool is_newest(const pi_members *x)
{
    pc_manifest now;
    int rc = pc_manifest_newest(x->c->dir, &now, x->c->mem, NULL);
    bool same = rc ? !x->has_manifest : now.commit == x->manifest.commit;
    pc_manifest_release(&now);
    return same;
}

void pi_members_open(pi_members *x)
{
    parasol_error err = {0};
    for (int i = 0; i < TRIES && !x->c->stopped; i++) {
        forget(x);
        int rc = read_manifest(x, &err);
        if (rc) {
            pi_check_stop(x->c, rc, &err);
            return;
        }
        if (x->has_manifest)
            members_of_manifest(x);
        else
            members_of_directory(x);
        if (map_all(x) || is_newest(x))
            break;
    }
    if (!x->has_manifest && !x->c->stopped)
        tell_manifest(x, &err);
}
