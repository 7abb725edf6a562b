/*
 * parasol_check: the files of a commit, one after the other, and what else is
 * in the directory.
 */
#include <parasol/check.h>

#include <stdio.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/format/manifest.h"
#include "common/format/name.h"
#include "common/os/file.h"
#include "indexer/check/affects.h"
#include "indexer/check/deep.h"

/* Commits that may come while the files of one are opened. */
#define TRIES 16

/* A sealed file of the commit. */
typedef struct member {
    char name[32];
    uint32_t kind;
    const pc_manifest_segment *entry; /* of a segment of the manifest */
    uint64_t number, file_bytes;
    uint32_t trailer_crc;
    bool is_named; /* by a manifest: the numbers above are known */
    bool is_missing;
    pi_bytes bytes;
} member;

typedef struct index_files {
    pi_check *c;
    pc_manifest manifest;
    bool has_manifest;
    pc_arena arena;
    pc_str *names; /* in the directory */
    size_t n_names;
    member *members;
    size_t n_members, members_cap;
    pc_buf path;
} index_files;

static void stop(index_files *x, int rc, const parasol_error *err)
{
    pi_check_stop(x->c, rc, err);
}

/* ---- the files ---------------------------------------------------------- */

static member *add_member(index_files *x, uint32_t kind, enum pc_name name,
                          uint64_t number)
{
    if (pc_grow(x->c->mem, (void **)&x->members, &x->members_cap,
                x->n_members + 1, sizeof *x->members)) {
        pi_check_nomem(x->c);
        return NULL;
    }
    member *m = &x->members[x->n_members++];
    *m = (member){.kind = kind, .number = number};
    (void)snprintf(m->name, sizeof m->name, "%c%llu.seg",
                   name == PC_NAME_SEGMENT ? 's' : 'k',
                   (unsigned long long)number);
    return m;
}

static void members_of_manifest(index_files *x)
{
    const pc_manifest *m = &x->manifest;
    for (size_t i = 0; i < m->n_segments; i++) {
        const pc_manifest_segment *s = &m->segments[i];
        member *f = add_member(x, PC_KIND_SEGMENT, PC_NAME_SEGMENT, s->number);
        if (!f)
            return;
        f->entry = s;
        f->file_bytes = s->file_bytes;
        f->trailer_crc = s->trailer_crc;
        f->is_named = true;
    }
    if (!m->skips_number)
        return;
    member *f = add_member(x, PC_KIND_SKIPS, PC_NAME_SKIPS, m->skips_number);
    if (!f)
        return;
    f->file_bytes = m->skips_bytes;
    f->trailer_crc = m->skips_crc;
    f->is_named = true;
}

/* Without a manifest, every sealed file may belong to the commit. */
static void members_of_directory(index_files *x)
{
    for (size_t i = 0; i < x->n_names; i++) {
        uint64_t number;
        enum pc_name name = pc_name_parse(x->names[i], &number);
        if (name == PC_NAME_SEGMENT)
            (void)add_member(x, PC_KIND_SEGMENT, name, number);
        else if (name == PC_NAME_SKIPS)
            (void)add_member(x, PC_KIND_SKIPS, name, number);
    }
}

static const char *path_of(index_files *x, const char *name)
{
    pc_buf_clear(&x->path);
    pc_buf_put_fmt(&x->path, "%s/%s", x->c->dir, name);
    pc_buf_put_u8(&x->path, 0);
    if (x->path.status)
        pi_check_nomem(x->c);
    return x->path.status ? NULL : (const char *)x->path.ptr;
}

/* Maps all, so that a writer cannot take them away; false if one is gone. */
static bool open_members(index_files *x)
{
    bool all = true;
    for (size_t i = 0; i < x->n_members && !x->c->stopped; i++) {
        member *m = &x->members[i];
        parasol_error err = {0};
        const char *path = path_of(x, m->name);
        m->bytes.name = m->name;
        int rc = path ? pc_map_open(&m->bytes.map, path, &err) : PARASOL_OK;
        m->is_missing = rc == PARASOL_NOTFOUND;
        if (rc && !m->is_missing)
            stop(x, rc, &err);
        all = all && !m->is_missing;
        x->c->bytes_to_do += m->bytes.map.len;
    }
    return all;
}

static void forget(index_files *x)
{
    for (size_t i = 0; i < x->n_members; i++)
        pi_bytes_release(&x->members[i].bytes, x->c->mem);
    x->n_members = 0;
    x->c->bytes_to_do = 0;
    pc_manifest_release(&x->manifest);
    pc_arena_clear(&x->arena);
}

/* ---- the manifest ------------------------------------------------------- */

/* The highest manifest in the listing, 0 for none; *ours is whether there is
   any file that only an index has. */
static uint64_t newest_name(const index_files *x, bool *ours)
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

/* What is wrong with the manifest is told once it is sure that it stays. */
static int read_manifest(index_files *x, parasol_error *err)
{
    int rc = pc_manifest_newest(x->c->dir, &x->manifest, x->c->mem, err);
    x->has_manifest = rc == PARASOL_OK;
    int listed = pc_dir_list(&x->names, &x->n_names, x->c->dir, &x->arena,
                             rc ? NULL : err);
    if (listed && !rc)
        return listed;
    if (rc == PARASOL_NOTFOUND) {
        bool ours = false;
        if (!listed)
            (void)newest_name(x, &ours);
        return ours ? PARASOL_OK : rc;
    }
    return rc == PARASOL_CORRUPT ? PARASOL_OK : rc;
}

static void tell_manifest(index_files *x, const parasol_error *err)
{
    static const char affects[] =
        "the whole index: which files belong to it is not known";
    char name[40] = "manifest";
    bool ours;
    uint64_t newest = newest_name(x, &ours);
    const char *what = err->message;
    if (newest)
        (void)snprintf(name, sizeof name, "manifest.%llu",
                       (unsigned long long)newest);
    else
        what = "there is none";
    pi_damage(x->c, (pi_place){name, "", PARASOL_NO_OFFSET, 0}, affects, "%s",
              what);
}

/* Reads the newest manifest and maps its files; again, if a writer made
   another commit meanwhile. */
static void open_index(index_files *x)
{
    parasol_error err = {0};
    for (int i = 0; i < TRIES && !x->c->stopped; i++) {
        forget(x);
        int rc = read_manifest(x, &err);
        if (rc) {
            stop(x, rc, &err);
            return;
        }
        if (x->has_manifest)
            members_of_manifest(x);
        else
            members_of_directory(x);
        if (open_members(x))
            break;
        pc_manifest now;
        uint64_t commit = x->manifest.commit;
        rc = pc_manifest_newest(x->c->dir, &now, x->c->mem, NULL);
        bool same = rc ? !x->has_manifest : now.commit == commit;
        pc_manifest_release(&now);
        if (same)
            break;
    }
    if (!x->has_manifest && !x->c->stopped)
        tell_manifest(x, &err);
}

/* ---- one file ----------------------------------------------------------- */

/* Does the file fit what the manifest says of it? */
static void check_identity(index_files *x, const member *m)
{
    const char *what = NULL;
    pi_place at = {m->name, "", PARASOL_NO_OFFSET, 0};
    if (m->is_named && m->bytes.map.len != m->file_bytes)
        what = "it has another length than the manifest says";
    else if (m->is_named && m->bytes.has_layout &&
             m->bytes.trailer_crc != m->trailer_crc)
        what = "it is not the file that the manifest names";
    else if (m->bytes.has_ends && m->bytes.number != m->number)
        what = "the number in it is not that of its name";
    if (what)
        pi_damage(x->c, at, "everything in the file", "%s", what);
}

/* Tells of the bad pages of a file, with what they hold. */
static void tell_pages(index_files *x, const member *m, const pc_seg *seg)
{
    pi_victim v = {&m->bytes, seg, m->entry ? m->entry->docs : 0};
    pc_buf sections, affects;
    pc_buf_init(&sections, x->c->mem);
    pc_buf_init(&affects, x->c->mem);
    for (size_t i = 0; i < m->bytes.n_bad && !x->c->stopped; i++) {
        pi_extent at = m->bytes.bad[i];
        pc_buf_clear(&sections);
        pc_buf_clear(&affects);
        if (m->kind == PC_KIND_SEGMENT)
            pi_affects(&v, at, &sections, &affects);
        else
            pc_buf_put_z(&affects, "the list of files that are not searchable");
        pc_buf_put_u8(&sections, 0);
        pc_buf_put_u8(&affects, 0);
        if (sections.status || affects.status) {
            pi_check_nomem(x->c);
            break;
        }
        pi_damage(x->c,
                  (pi_place){m->name, (const char *)sections.ptr, at.off,
                             at.len},
                  (const char *)affects.ptr, "%llu %s a wrong checksum",
                  (unsigned long long)(at.len / PC_PAGE_SIZE),
                  at.len > PC_PAGE_SIZE ? "pages have" : "page has");
    }
    pc_buf_release(&sections);
    pc_buf_release(&affects);
}

static void check_segment(index_files *x, member *m)
{
    parasol_error err = {0};
    pc_seg *seg = NULL;
    const char *path = path_of(x, m->name);
    int rc = path && m->bytes.has_ends
                 ? pc_seg_open(&seg, path, x->c->mem, &err)
                 : PARASOL_CORRUPT;
    if (rc == PARASOL_NOMEM && path)
        pi_check_nomem(x->c);
    if (m->bytes.n_bad > 0)
        tell_pages(x, m, seg);
    else if (rc && m->bytes.damages == 0)
        pi_damage(x->c, (pi_place){m->name, "", PARASOL_NO_OFFSET, 0},
                  "the whole segment", "%s", err.message);
    else if (seg && m->entry && seg->docs != m->entry->docs)
        pi_damage(x->c, (pi_place){m->name, "META", PARASOL_NO_OFFSET, 0}, "",
                  "it has %u documents, and %u by the manifest", seg->docs,
                  m->entry->docs);
    if (seg && m->bytes.damages == 0 && x->c->o.deep && x->has_manifest)
        pi_deep_segment(x->c, seg, m->name, x->manifest.analyzer_spec,
                        x->manifest.fingerprint);
    pc_seg_close(seg);
}

static void check_member(index_files *x, member *m)
{
    if (m->is_missing) {
        pc_buf affects;
        pc_buf_init(&affects, x->c->mem);
        if (m->entry)
            pc_buf_put_fmt(&affects, "all %u documents of the segment",
                           m->entry->docs);
        pc_buf_put_u8(&affects, 0);
        pi_damage(x->c, (pi_place){m->name, "", PARASOL_NO_OFFSET, 0},
                  affects.status ? "" : (const char *)affects.ptr,
                  "the file is missing");
        pc_buf_release(&affects);
        return;
    }
    x->c->info.files++;
    x->c->info.bytes += m->bytes.map.len;
    check_identity(x, m);
    pi_bytes_check(&m->bytes, m->kind, x->c);
    if (m->kind == PC_KIND_SEGMENT)
        check_segment(x, m);
    else if (m->bytes.n_bad > 0)
        tell_pages(x, m, NULL);
    else if (x->c->o.deep && m->bytes.has_ends)
        pi_deep_skips(x->c, &m->bytes, m->name);
}

/* ---- what else is there -------------------------------------------------- */

static bool is_member(const index_files *x, pc_str name)
{
    for (size_t i = 0; i < x->n_members; i++) {
        if (pc_str_eq(name, pc_str_of(x->members[i].name)))
            return true;
    }
    return false;
}

static void check_names(index_files *x)
{
    for (size_t i = 0; i < x->n_names; i++) {
        pc_str name = x->names[i];
        uint64_t number;
        switch (pc_name_parse(name, &number)) {
        case PC_NAME_SEGMENT:
        case PC_NAME_SKIPS:
            if (!is_member(x, name))
                pi_note(x->c, name.ptr,
                        "no part of the commit: of a writer at work, or left "
                        "by one that was interrupted; the next one removes it");
            break;
        case PC_NAME_MANIFEST:
            if (x->has_manifest && number != x->manifest.commit)
                pi_note(x->c, name.ptr,
                        "the manifest of another commit than the newest; the "
                        "next writer removes it");
            break;
        case PC_NAME_TEMPORARY:
            pi_note(x->c, name.ptr,
                    "unfinished: of a writer at work, or left by one that was "
                    "interrupted; the next one removes it");
            break;
        case PC_NAME_FOREIGN:
            pi_note(x->c, name.ptr, "foreign: no file of an index");
            break;
        case PC_NAME_LOCK: break;
        }
    }
}

/* ---- all ---------------------------------------------------------------- */

static void check_index(index_files *x)
{
    pi_check *c = x->c;
    open_index(x);
    if (c->o.deep)
        c->bytes_to_do *= 2;
    if (x->has_manifest) {
        c->info.commit = x->manifest.commit;
        c->info.documents = pc_manifest_docs(&x->manifest);
        c->info.files = 1;
        c->info.bytes = PC_MANIFEST_HEAD + x->manifest.analyzer_spec.len + 4 +
                        x->manifest.n_segments * PC_MANIFEST_ENTRY;
    }
    for (size_t i = 0; i < x->n_members && !c->stopped; i++) {
        uint64_t before = c->bytes_done;
        member *m = &x->members[i];
        uint64_t all = m->bytes.map.len * (c->o.deep ? 2 : 1);
        check_member(x, m);
        uint64_t did = c->bytes_done - before;
        pi_check_progress(c, did < all ? all - did : 0);
    }
    if (!c->stopped)
        check_names(x);
    if (!c->stopped)
        pi_findings_end(c);
}

static int verdict(const pi_check *c, parasol_error *err)
{
    if (c->stopped) {
        if (err)
            *err = c->error;
        return c->stopped;
    }
    if (c->info.damages)
        return pc_fail(err, PARASOL_CORRUPT,
                       "%s is damaged in %llu place%s", c->dir,
                       (unsigned long long)c->info.damages,
                       c->info.damages > 1 ? "s" : "");
    return PARASOL_OK;
}

int parasol_check(const char *path, const parasol_check_options *options,
                  parasol_check_info *info, parasol_error *err)
{
    pc_mem alloc = {0};
    pi_check c = {.dir = path, .o = PARASOL_CHECK_OPTIONS_INIT};
    index_files x = {.c = &c};
    if (options)
        memcpy(&c.o, options,
               options->struct_size < sizeof c.o ? options->struct_size
                                                 : sizeof c.o);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    if (c.o.alloc)
        alloc = *c.o.alloc;
    c.mem = &alloc;
    c.info.struct_size = sizeof c.info;
    pc_manifest_init(&x.manifest, c.mem);
    pc_arena_init(&x.arena, c.mem, 0);
    pc_buf_init(&x.path, c.mem);
    check_index(&x);
    int rc = verdict(&c, err);
    if (info && !c.stopped) {
        size_t size = info->struct_size;
        memcpy(info, &c.info, size < sizeof c.info ? size : sizeof c.info);
        info->struct_size = size;
    }
    forget(&x);
    pc_free(c.mem, x.members);
    pc_arena_release(&x.arena);
    pc_buf_release(&x.path);
    return rc;
}
