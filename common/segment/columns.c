/*
 * Columns, reading side.
 */
#include "common/segment/columns.h"

#include "common/base/fail.h"
#include "common/codec/bitpack.h"
#include "common/codec/varint.h"

static int damaged(const pc_columns *c, const char *what, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT, "%s: %s", pc_sealed_path(c->file),
                   what);
}

int pc_columns_open(pc_columns *c, pc_sealed *file, uint32_t docs,
                    parasol_error *err)
{
    *c = (pc_columns){.file = file, .docs = docs};
    if (!pc_sealed_has(file, PC_SECTION_COLUMNS, &c->section))
        return PARASOL_OK;
    if (c->section.len < PC_COLUMNS_HEAD)
        return damaged(c, "the columns are too short", err);
    int rc = pc_sealed_need(file, c->section.ptr, PC_COLUMNS_HEAD, err);
    if (rc)
        return rc;
    c->n = pc_load32le(c->section.ptr);
    c->left_out = pc_load32le(c->section.ptr + 4);
    if (c->n > PC_COLUMNS_MAX ||
        c->section.len < PC_COLUMNS_HEAD + (uint64_t)c->n * PC_COLUMN_ENTRY)
        return damaged(c, "the number of columns is impossible", err);
    return pc_sealed_need(file, c->section.ptr + PC_COLUMNS_HEAD,
                          (size_t)c->n * PC_COLUMN_ENTRY, err);
}

/* [off, off + len) of the section, verified; NULL if it is not inside. */
static const uint8_t *part(const pc_columns *c, uint64_t off, uint64_t len,
                           int *rc, parasol_error *err)
{
    if (off > c->section.len || len > c->section.len - off) {
        *rc = damaged(c, "a column lies outside of its section", err);
        return NULL;
    }
    *rc = pc_sealed_need(c->file, c->section.ptr + off, (size_t)len, err);
    return *rc ? NULL : c->section.ptr + off;
}

static bool is_possible(const pc_columns *c, const pc_column *x)
{
    if (x->values == 0 || x->pairs < x->values || x->width > 32)
        return false;
    switch ((enum pc_column_form)x->form) {
    case PC_COLUMN_DENSE: return x->pairs <= c->docs;
    case PC_COLUMN_SPARSE: return true;
    case PC_COLUMN_SELF: return x->pairs == c->docs && x->values == c->docs;
    }
    return false;
}

/* Documents of pairs ascend; ranks are looked at where they are used. */
static int check_docs(const pc_column *x, parasol_error *err)
{
    uint32_t last = 0;
    for (uint32_t i = 0; x->form == PC_COLUMN_SPARSE && i < x->pairs; i++) {
        uint32_t doc = pc_column_doc(x, i);
        if (doc < last || doc >= x->in->docs)
            return damaged(x->in, "the documents of a column are wrong", err);
        last = doc;
    }
    return PARASOL_OK;
}

int pc_columns_at(const pc_columns *c, uint32_t i, pc_column *out,
                  parasol_error *err)
{
    const uint8_t *e =
        c->section.ptr + PC_COLUMNS_HEAD + (size_t)i * PC_COLUMN_ENTRY;
    int rc = PARASOL_OK;
    uint32_t name_len = e[4];
    *out = (pc_column){.in = c,
                       .form = e[5],
                       .width = e[6],
                       .values = pc_load32le(e + 8),
                       .pairs = pc_load32le(e + 12),
                       .left_out = pc_load32le(e + 16)};
    uint64_t strings = pc_load64le(e + 24), strings_len = pc_load32le(e + 20);
    if (!is_possible(c, out))
        return damaged(c, "the counts of a column are impossible", err);
    const uint8_t *name = part(c, pc_load32le(e), name_len, &rc, err);
    if (rc)
        return rc;
    out->name = (pc_str){(const char *)name, name_len};
    out->strings = part(c, strings, strings_len, &rc, err);
    if (rc)
        return rc;
    out->strings_end = out->strings + strings_len;
    uint64_t off = pc_load64le(e + 32);
    uint32_t packed = 0;
    if (out->form == PC_COLUMN_SPARSE) {
        out->docs = part(c, off, 4 * (uint64_t)out->pairs, &rc, err);
        off += 4 * (uint64_t)out->pairs;
        packed = out->pairs;
    } else if (out->form == PC_COLUMN_DENSE) {
        packed = c->docs;
    }
    if (!rc)
        out->ranks =
            part(c, off, pc_bitpack_bytes(packed, out->width), &rc, err);
    return rc ? rc : check_docs(out, err);
}

int pc_columns_find(const pc_columns *c, pc_str name, bool *found,
                    pc_column *out, parasol_error *err)
{
    uint32_t low = 0, high = c->n;
    *found = false;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        const uint8_t *e =
            c->section.ptr + PC_COLUMNS_HEAD + (size_t)mid * PC_COLUMN_ENTRY;
        int rc = PARASOL_OK;
        const uint8_t *p = part(c, pc_load32le(e), e[4], &rc, err);
        if (rc)
            return rc;
        int order = pc_str_cmp((pc_str){(const char *)p, e[4]}, name);
        if (order == 0) {
            *found = true;
            return pc_columns_at(c, mid, out, err);
        }
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return PARASOL_OK;
}

void pc_column_scan_init(pc_column_scan *s, const pc_column *c)
{
    s->column = c;
    s->next = 0;
    s->at = c->strings;
    s->len = 0;
}

/* Reads a number of at most `max`; SIZE_MAX on damage. */
static size_t number(pc_column_scan *s, size_t max)
{
    uint64_t v;
    const uint8_t *next = pc_varint_get64(s->at, s->column->strings_end, &v);
    if (!next || v > max)
        return SIZE_MAX;
    s->at = next;
    return (size_t)v;
}

int pc_column_scan_next(pc_column_scan *s, pc_str *value, uint32_t *rank,
                        parasol_error *err)
{
    const pc_column *c = s->column;
    if (s->next == c->values)
        return PARASOL_NOTFOUND;
    size_t shared = number(s, s->len);
    size_t more =
        shared == SIZE_MAX ? SIZE_MAX : number(s, PC_COLUMN_VALUE_MAX - shared);
    if (more == SIZE_MAX || more > (size_t)(c->strings_end - s->at))
        return damaged(c->in, "the values of a column are wrong", err);
    memcpy(s->value + shared, s->at, more);
    s->at += more;
    s->len = shared + more;
    *value = (pc_str){s->value, s->len};
    *rank = s->next++;
    return PARASOL_OK;
}
