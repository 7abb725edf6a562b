/*
 * Files of a commit.
 */
#include "indexer/check/members.h"

#include <errno.h>
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
    pc_home_close(&x->home);
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

static int map_member(pi_members *x, pi_member *m, parasol_error *err)
{
    pc_extent part;
    int rc = pc_home_extent(&x->home, m->of, m->number, &part, err);
    if (rc)
        return rc;
    rc = pc_map_extent(&m->bytes.map, &part, (const char *)x->home.name.ptr,
                       err);
    pc_home_release(&x->home, &part);
    return rc;
}

/* Maps all; false if one is gone. */
static bool map_all(pi_members *x)
{
    bool all = true;
    for (size_t i = 0; i < x->n && !x->c->stopped; i++) {
        pi_member *m = &x->list[i];
        parasol_error err = {0};
        m->bytes.name = m->name;
        int rc = map_member(x, m, &err);
        /* CORRUPT: a packed index without it. */
        m->is_missing = rc == PARASOL_NOTFOUND || rc == PARASOL_CORRUPT;
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
    int rc = pc_home_manifest(&x->home, &x->manifest, why);
    x->has_manifest = rc == PARASOL_OK;
    if (x->home.pack)
        return rc == PARASOL_CORRUPT ? PARASOL_OK : rc;
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
    const char *what = newest || x->home.pack ? why->message : "there is none";
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

/* Whether the index is to be looked at: a packed one whose own tables are
   damaged is told of here. */
static bool open_home(pi_members *x)
{
    parasol_error err = {0};
    int rc = pc_home_open(&x->home, x->c->dir, x->c->mem, &err);
    if (!rc && x->home.pack)
        rc = pc_pack_verify(x->home.pack, x->c->dir, &err);
    if (rc == PARASOL_CORRUPT)
        pi_damage(x->c, (pi_place){"packed index", "", err.offset, 0},
                  x->home.pack ? "nothing that is searched"
                               : "the whole index: where its files are is not "
                                 "known",
                  "%s", err.message);
    else if (rc)
        pi_check_stop(x->c, rc, &err);
    return !rc || (rc == PARASOL_CORRUPT && x->home.pack);
}

void pi_members_open(pi_members *x)
{
    parasol_error err = {0};
    bool again = false; /* what is missing was missing before */
    if (!open_home(x))
        return;
    for (int i = 0; i < TRIES && !x->c->stopped; i++) {
        forget(x);
        int rc = read_manifest(x, &err);
        if (rc && err.os_errno == ESTALE && i + 1 < TRIES)
            continue; /* a handle that another machine made stale */
        if (rc) {
            pi_check_stop(x->c, rc, &err);
            return;
        }
        if (x->has_manifest)
            members_of_manifest(x);
        else
            members_of_directory(x);
        if (map_all(x) || x->home.pack || (is_newest(x) && again))
            break;
        again = true;
    }
    if (!x->has_manifest && !x->c->stopped)
        tell_manifest(x, &err);
}
