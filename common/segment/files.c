/*
 * Reading catalogs. Entries are front coded in blocks; a block begins with a
 * whole path, so that one is found by halving.
 */
#include "common/segment/files.h"

#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/codec/varint.h"
#include "common/format/name.h"

static int corrupt(const pc_files *f, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT, "%s is damaged: %s",
                   pc_sealed_path(f->file), what);
}

/* ---- opening ------------------------------------------------------------ */

/* Copies a length's bytes and goes on behind them. CORRUPT: they end early. */
static int take_str(pc_files *f, const uint8_t **p, const uint8_t *end,
                    pc_str *out)
{
    uint32_t len;
    const uint8_t *from = pc_varint_get32(*p, end, &len);
    if (!from || len > (size_t)(end - from))
        return PARASOL_CORRUPT;
    const char *copy = pc_arena_copy(&f->arena, from, len);
    if (!copy)
        return PARASOL_NOMEM;
    *out = (pc_str){copy, len};
    *p = from + len;
    return PARASOL_OK;
}

static int read_roots(pc_files *f, parasol_error *err)
{
    const uint8_t *p = f->section.ptr;
    const uint8_t *end = p + f->first;
    int rc = PARASOL_OK;
    f->roots = pc_arena_zalloc(&f->arena, f->n_roots, sizeof *f->roots);
    if (!f->roots)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; !rc && i < f->n_roots; i++) {
        rc = take_str(f, &p, end, &f->roots[i].prefix);
        if (!rc)
            rc = take_str(f, &p, end, &f->roots[i].place);
    }
    if (rc || p != end)
        f->n_roots = 0;
    if (rc == PARASOL_NOMEM)
        return pc_fail_nomem(err);
    return !rc && p == end ? PARASOL_OK
                           : corrupt(f, "its folders are not valid", err);
}

/* What stands at the end of the section, and at its beginning. */
static int read_ends(pc_files *f, parasol_error *err)
{
    if (f->section.len < PC_FILES_TAIL)
        return corrupt(f, "its catalog is too short", err);
    uint64_t rest = f->section.len - PC_FILES_TAIL;
    const uint8_t *p = f->section.ptr + rest;
    int rc = pc_sealed_need(f->file, p, PC_FILES_TAIL, err);
    if (rc)
        return rc;
    f->taken = (int64_t)pc_load64le(p);
    f->count = pc_load64le(p + 8);
    f->first = pc_load64le(p + 16);
    f->max_file = pc_load64le(p + 24);
    f->gitignore = (pc_load32le(p + 32) & PC_FILES_GITIGNORE) != 0;
    f->reader = pc_load32le(p + 40);
    f->n_roots = pc_load32le(p + 44);
    if ((pc_load32le(p + 32) & ~PC_FILES_GITIGNORE) || pc_load32le(p + 36))
        return corrupt(f, "its catalog has flags that there are not", err);
    /* An entry has more than a byte. */
    if (f->first > rest || f->n_roots > f->first || f->count > rest - f->first)
        return corrupt(f, "the lengths of its catalog do not add up", err);
    uint64_t blocks = (f->count + PC_FILES_BLOCK - 1) / PC_FILES_BLOCK;
    if (blocks > UINT32_MAX || blocks * 8 > rest - f->first)
        return corrupt(f, "the lengths of its catalog do not add up", err);
    f->blocks = (uint32_t)blocks;
    f->index = rest - blocks * 8;
    if (blocks == 0 && f->first != f->index)
        return corrupt(f, "the lengths of its catalog do not add up", err);
    return PARASOL_OK;
}

/* Without `lost_roots`, damaged folders are an error. */
static int open_roots(pc_files *f, bool *lost_roots, parasol_error *err)
{
    uint32_t n = f->n_roots;
    f->n_roots = 0;
    int rc = pc_sealed_need(f->file, f->section.ptr, (size_t)f->first, err);
    if (!rc) {
        f->n_roots = n;
        rc = read_roots(f, err);
    }
    if (!lost_roots)
        return rc;
    *lost_roots = rc == PARASOL_CORRUPT;
    return *lost_roots ? PARASOL_OK : rc;
}

static int open_file(pc_files *f, const char *path, const pc_manifest *m,
                     bool *lost_roots, parasol_error *err)
{
    int rc = pc_sealed_open(&f->file, path, PC_KIND_FILES, f->mem, err);
    if (rc)
        return rc;
    if (pc_sealed_bytes(f->file) != m->files_bytes ||
        pc_sealed_trailer_crc(f->file) != m->files_crc ||
        pc_sealed_number(f->file) != m->files_number)
        return corrupt(f, "it is not the file that the manifest means", err);
    rc = pc_sealed_section(f->file, PC_SECTION_FILES, &f->section, err);
    if (!rc)
        rc = read_ends(f, err);
    return rc ? rc : open_roots(f, lost_roots, err);
}

static int open_any(pc_files **out, const char *dir, const pc_manifest *m,
                    const pc_mem *mem, bool *lost_roots, parasol_error *err)
{
    pc_buf path;
    *out = NULL;
    if (m->files_number == 0)
        return PARASOL_OK;
    pc_files *f = pc_zalloc(mem, 1, sizeof *f);
    if (!f)
        return pc_fail_nomem(err);
    f->mem = mem;
    pc_arena_init(&f->arena, mem, 1024);
    pc_buf_init(&path, mem);
    const char *name =
        pc_name_path(&path, dir, PC_NAME_FILES, m->files_number, "", err);
    int rc = name ? open_file(f, name, m, lost_roots, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    if (rc)
        pc_files_close(f);
    else
        *out = f;
    return rc;
}

int pc_files_open(pc_files **out, const char *dir, const pc_manifest *m,
                  const pc_mem *mem, parasol_error *err)
{
    return open_any(out, dir, m, mem, NULL, err);
}

int pc_files_open_damaged(pc_files **out, const char *dir, const pc_manifest *m,
                          const pc_mem *mem, bool *lost_roots,
                          parasol_error *err)
{
    *lost_roots = false;
    return open_any(out, dir, m, mem, lost_roots, err);
}

void pc_files_close(pc_files *f)
{
    if (!f)
        return;
    pc_sealed_close(f->file);
    pc_arena_release(&f->arena);
    pc_free(f->mem, f);
}

/* ---- entries ------------------------------------------------------------ */

/* The offset of a block, or that of the index behind the last one. */
static int block_at(const pc_files *f, uint32_t block, uint64_t *off,
                    parasol_error *err)
{
    *off = f->index;
    if (block >= f->blocks)
        return PARASOL_OK;
    const uint8_t *p = f->section.ptr + f->index + (uint64_t)block * 8;
    int rc = pc_sealed_need(f->file, p, 8, err);
    if (rc)
        return rc;
    *off = pc_load64le(p);
    if (*off < f->first || *off > f->index || (block == 0 && *off != f->first))
        return corrupt(f, "a block of its catalog lies outside", err);
    return PARASOL_OK;
}

/* Puts the cursor at the beginning of a block. */
static int enter_block(pc_files_cursor *c, uint32_t block, parasol_error *err)
{
    const pc_files *f = c->files;
    int rc = block_at(f, block, &c->at, err);
    if (!rc)
        rc = block_at(f, block + 1, &c->end, err);
    if (rc)
        return rc;
    if (block < f->blocks && c->end <= c->at)
        return corrupt(f, "blocks of its catalog do not ascend", err);
    c->block = block;
    c->next = (uint64_t)block * PC_FILES_BLOCK;
    c->path.len = 0;
    return pc_sealed_need(f->file, f->section.ptr + c->at,
                          (size_t)(c->end - c->at), err);
}

/* Makes c->path the one of the entry; returns what is behind it, or NULL. */
static const uint8_t *take_path(pc_files_cursor *c, const uint8_t *p,
                                const uint8_t *end)
{
    uint32_t shared, rest;
    p = pc_varint_get32(p, end, &shared);
    if (p)
        p = pc_varint_get32(p, end, &rest);
    if (!p || shared > c->path.len || rest > (size_t)(end - p) || rest == 0)
        return NULL;
    bool ascends =
        c->path.len == 0 || shared == c->path.len || c->path.ptr[shared] < p[0];
    c->path.len = shared;
    pc_buf_put(&c->path, p, rest);
    pc_buf_put_u8(&c->path, 0);
    if (c->path.status)
        return NULL;
    c->path.len--;
    return ascends && !memchr(p, 0, rest) ? p + rest : NULL;
}

static int take_entry(pc_files_cursor *c, pc_file_entry *e, parasol_error *err)
{
    const uint8_t *end = c->files->section.ptr + c->end;
    const uint8_t *p = take_path(c, c->files->section.ptr + c->at, end);
    uint32_t skip;
    if (p)
        p = pc_varint_get32(p, end, &skip);
    if (p)
        p = pc_varint_get64(p, end, &e->size);
    if (c->path.status)
        return pc_fail_nomem(err);
    if (!p || end - p < 32 || skip >= PARASOL_SKIP_COUNT)
        return corrupt(c->files, "an entry of its catalog is not valid", err);
    e->path = pc_buf_str(&c->path);
    e->skip = skip;
    e->mtime = (int64_t)pc_load64le(p);
    e->ctime = (int64_t)pc_load64le(p + 8);
    e->hash[0] = pc_load64le(p + 16);
    e->hash[1] = pc_load64le(p + 24);
    c->at = (uint64_t)(p + 32 - c->files->section.ptr);
    c->next++;
    return PARASOL_OK;
}

void pc_files_cursor_init(pc_files_cursor *c, const pc_files *files)
{
    *c = (pc_files_cursor){.files = files};
    pc_buf_init(&c->path, files->mem);
}

void pc_files_cursor_release(pc_files_cursor *c)
{
    pc_buf_release(&c->path);
}

/* Goes on behind the last entry of a block. The path before is still in
   c->path then, and the next one, which is whole, has to be behind it. */
static int next_block(pc_files_cursor *c, pc_file_entry *e, parasol_error *err)
{
    pc_buf before = c->path;
    pc_buf_init(&c->path, c->files->mem);
    int rc = enter_block(c, (uint32_t)(c->next / PC_FILES_BLOCK), err);
    if (!rc)
        rc = take_entry(c, e, err);
    if (!rc && before.len > 0 && pc_str_cmp(pc_buf_str(&before), e->path) >= 0)
        rc = corrupt(c->files, "paths of its catalog do not ascend", err);
    pc_buf_release(&before);
    return rc;
}

int pc_files_next(pc_files_cursor *c, pc_file_entry *entry, uint64_t *number,
                  bool *more, parasol_error *err)
{
    const pc_files *f = c->files;
    bool at_end = c->at == c->end;
    *more = c->next < f->count;
    bool full = c->next > 0 && c->next % PC_FILES_BLOCK == 0 &&
                c->next / PC_FILES_BLOCK > c->block;
    bool starts = at_end && c->next == 0;
    if (!starts && at_end != (full || !*more))
        return corrupt(f, "a block of its catalog has the wrong length", err);
    if (!*more)
        return PARASOL_OK;
    *number = c->next;
    return at_end ? next_block(c, entry, err) : take_entry(c, entry, err);
}

int pc_files_block(pc_files_cursor *c, uint32_t block, parasol_error *err)
{
    return enter_block(c, block, err);
}

/* ---- searching ---------------------------------------------------------- */

/* Whether the first path of a block is not behind `path`. */
static int begins_before(pc_files_cursor *c, uint32_t block, pc_str path,
                         bool *before, parasol_error *err)
{
    pc_file_entry e;
    int rc = enter_block(c, block, err);
    if (!rc)
        rc = take_entry(c, &e, err);
    if (!rc)
        *before = pc_str_cmp(e.path, path) <= 0;
    return rc;
}

/* Puts the cursor at the start of the block that would have `path`. */
static int seek(pc_files_cursor *c, pc_str path, parasol_error *err)
{
    uint32_t lo = 0, hi = c->files->blocks;
    while (hi - lo > 1) { /* block lo is the first or begins before */
        uint32_t mid = lo + (hi - lo) / 2;
        bool before = false;
        int rc = begins_before(c, mid, path, &before, err);
        if (rc)
            return rc;
        if (before)
            lo = mid;
        else
            hi = mid;
    }
    return enter_block(c, lo, err);
}

/* Goes on to the first entry that is not before `path`, over `most` entries;
 *order is how the last one compares. */
static int scan(pc_files_cursor *c, pc_str path, uint32_t most, int *order,
                parasol_error *err)
{
    bool more = true;
    for (uint32_t i = 0; i < most && *order < 0; i++) {
        int rc = pc_files_next(c, &c->entry, &c->number, &more, err);
        if (rc || !more)
            return rc;
        *order = pc_str_cmp(c->entry.path, path);
    }
    return PARASOL_OK;
}

int pc_files_find(pc_files_cursor *c, pc_str path, pc_file_entry *entry,
                  uint64_t *number, bool *found, parasol_error *err)
{
    int order = 1, rc = PARASOL_OK;
    *found = false;
    if (c->files->count == 0)
        return PARASOL_OK;
    /* What comes soon behind the entry before is what a walk asks for. */
    if (c->path.len > 0) {
        c->entry.path = pc_buf_str(&c->path);
        order = pc_str_cmp(c->entry.path, path);
        rc = scan(c, path, PC_FILES_BLOCK, &order, err);
    }
    if (!rc && order != 0) {
        order = -1;
        rc = seek(c, path, err);
        if (!rc)
            rc = scan(c, path, PC_FILES_BLOCK, &order, err);
    }
    *found = !rc && order == 0;
    *entry = c->entry;
    *number = c->number;
    return rc;
}
