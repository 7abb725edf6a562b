/*
 * Records of files that are not searchable, kept as they are written.
 */
#include "indexer/catalog/skip_list.h"

#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/base/sort.h"
#include "common/codec/varint.h"
#include "common/format/name.h"
#include "indexer/write/out.h"

void pi_skip_list_init(pi_skip_list *l, const pc_mem *mem)
{
    *l = (pi_skip_list){.mem = mem};
    pc_buf_init(&l->bytes, mem);
}

void pi_skip_list_release(pi_skip_list *l)
{
    pc_buf_release(&l->bytes);
    pc_free(l->mem, l->ends);
    pi_skip_list_init(l, l->mem);
}

int pi_skip_list_put(pi_skip_list *l, const pc_skip *skip, parasol_error *err)
{
    pc_buf_put_u8(&l->bytes, (uint8_t)skip->reason);
    pc_varint_append(&l->bytes, skip->bytes);
    pc_varint_append(&l->bytes, skip->path.len);
    pc_buf_put_str(&l->bytes, skip->path);
    pc_varint_append(&l->bytes, skip->detail.len);
    pc_buf_put_str(&l->bytes, skip->detail);
    if (l->bytes.status ||
        pc_grow(l->mem, (void **)&l->ends, &l->cap, l->n + 1, sizeof *l->ends))
        return pc_fail_nomem(err);
    l->ends[l->n++] = l->bytes.len;
    l->counts[skip->reason]++;
    return PARASOL_OK;
}

/* ---- the commit before -------------------------------------------------- */

static size_t digits_before(pc_str s)
{
    size_t n = 0;
    while (n < s.len && s.ptr[s.len - 1 - n] >= '0' &&
           s.ptr[s.len - 1 - n] <= '9')
        n++;
    return n;
}

/* Takes ":NUMBER" off the end; false when there is none. */
static bool strip_number(pc_str *s)
{
    size_t n = digits_before(*s);
    if (n == 0 || n == s->len || s->ptr[s->len - 1 - n] != ':')
        return false;
    s->len -= n + 1;
    return true;
}

/* Whether a record is about a line of an input that was read again. */
static bool is_read_again(const pc_skip *skip, const pc_str *inputs, size_t n)
{
    pc_str name = skip->path;
    if (skip->reason != PARASOL_SKIP_JSON || !strip_number(&name) ||
        !strip_number(&name))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (pc_str_eq(name, inputs[i]))
            return true;
    }
    return false;
}

static int carry(pi_skip_list *l, pc_skips *from, pi_catalog *c,
                 const pc_str *inputs, size_t n_inputs, bool *all,
                 parasol_error *err)
{
    pc_skip skip;
    bool more = true;
    int rc = PARASOL_OK;
    while (!rc) {
        bool stays = false;
        rc = pc_skips_next(from, &skip, &more, err);
        if (rc || !more)
            break;
        rc = pi_catalog_stays(c, skip.path, &stays, err);
        stays = stays && !is_read_again(&skip, inputs, n_inputs);
        *all = *all && stays;
        if (!rc && stays)
            rc = pi_skip_list_put(l, &skip, err);
    }
    return rc;
}

/* ---- order -------------------------------------------------------------- */

static pc_str record_of(const pi_skip_list *l, uint32_t i)
{
    uint64_t start = i > 0 ? l->ends[i - 1] : 0;
    return (pc_str){(const char *)l->bytes.ptr + start,
                    (size_t)(l->ends[i] - start)};
}

/* Our own bytes, so that nothing needs a check. */
static pc_str path_of(pc_str record)
{
    const uint8_t *p = (const uint8_t *)record.ptr, *end = p + record.len;
    uint64_t bytes = 0, len = 0;
    p = pc_varint_get64(p + 1, end, &bytes);
    p = p ? pc_varint_get64(p, end, &len) : NULL;
    return p ? (pc_str){(const char *)p, (size_t)len} : PC_STR_LIT("");
}

static int compare(uint32_t a, uint32_t b, void *ctx)
{
    return pc_str_cmp(path_of(record_of(ctx, a)), path_of(record_of(ctx, b)));
}

static int sort(pi_skip_list *l)
{
    pc_buf sorted;
    uint32_t *order = pc_alloc(l->mem, l->n, sizeof *order);
    uint64_t *ends = pc_alloc(l->mem, l->n, sizeof *ends);
    pc_buf_init(&sorted, l->mem);
    int rc = order && ends ? PARASOL_OK : PARASOL_NOMEM;
    for (size_t i = 0; !rc && i < l->n; i++)
        order[i] = (uint32_t)i;
    if (!rc)
        rc = pc_sort_u32(order, (uint32_t)l->n, compare, l, l->mem);
    for (size_t i = 0; !rc && i < l->n; i++) {
        pc_buf_put_str(&sorted, record_of(l, order[i]));
        ends[i] = sorted.len;
        rc = sorted.status;
    }
    if (!rc) {
        pc_buf before = l->bytes;
        uint64_t *before_ends = l->ends;
        l->bytes = sorted;
        l->ends = ends;
        l->cap = l->n;
        sorted = before;
        ends = before_ends;
    }
    pc_free(l->mem, order);
    pc_free(l->mem, ends);
    pc_buf_release(&sorted);
    return rc;
}

int pi_skip_list_carry(pi_skip_list *l, const pc_manifest *now, pi_catalog *c,
                       const pc_str *inputs, size_t n_inputs, bool *same,
                       parasol_error *err)
{
    pc_skips from;
    bool all = true;
    *same = l->n == 0;
    int rc = pc_fail_lost(pc_skips_open(&from, c->dir, now, c->mem, err), err);
    if (!rc)
        rc = carry(l, &from, c, inputs, n_inputs, &all, err);
    pc_skips_close(&from);
    *same = *same && all;
    if (!rc && !*same && l->n > 1 && sort(l))
        rc = pc_fail_nomem(err);
    return rc;
}

/* ---- writing ------------------------------------------------------------ */

static int write_file(const pi_skip_list *l, const char *path, uint64_t number,
                      bool synced, pc_manifest *next, parasol_error *err)
{
    pi_out *o;
    int rc = pi_out_create(&o, path, PC_KIND_SKIPS, number, l->mem, err);
    if (rc)
        return rc;
    if (!synced)
        pi_out_relax(o);
    pi_out_begin(o, PC_SECTION_SKIPS);
    pi_out_put_u64(o, l->n);
    pi_out_put(o, l->bytes.ptr, l->bytes.len);
    rc = pi_out_finish(o, &next->skips_bytes, &next->skips_crc, err);
    if (!rc)
        next->skips_number = number;
    return rc;
}

int pi_skip_list_write(const pi_skip_list *l, const char *dir, uint64_t number,
                       bool synced, pc_manifest *next, parasol_error *err)
{
    pc_buf path;
    memcpy(next->skipped, l->counts, sizeof next->skipped);
    if (l->n == 0)
        return PARASOL_OK;
    pc_buf_init(&path, l->mem);
    const char *name = pc_name_path(&path, dir, PC_NAME_SKIPS, number, "", err);
    int rc =
        name ? write_file(l, name, number, synced, next, err) : PARASOL_NOMEM;
    pc_buf_release(&path);
    return rc;
}
