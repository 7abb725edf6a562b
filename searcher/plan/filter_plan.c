/*
 * Filters against what the index has.
 */
#include "searcher/plan/filter_plan.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/base/fail.h"
#include "common/text/ident.h"

#define NOTES_MAX 64u

int ps_notes_add(ps_notes *notes, const ps_node *node, pc_arena *arena,
                 const char *fmt, ...)
{
    char text[256];
    va_list args;
    if (notes->n == NOTES_MAX)
        return PARASOL_OK;
    if (!notes->items)
        notes->items = pc_arena_zalloc(arena, NOTES_MAX, sizeof *notes->items);
    va_start(args, fmt);
    int len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t n = len < 0                     ? 0
               : (size_t)len < sizeof text ? (size_t)len
                                           : sizeof text - 1;
    const char *copy = pc_arena_copy(arena, text, n);
    if (!notes->items || !copy)
        return PARASOL_NOMEM;
    if (notes->n == NOTES_MAX - 1)
        copy = "more notes follow, which are not shown";
    notes->items[notes->n++] = (parasol_warning){node->start, node->end, copy};
    return PARASOL_OK;
}

/* What every index may have; never taken for text. */
static bool is_usual(pc_str name)
{
    return pc_str_eq(name, PC_STR_LIT("date")) ||
           pc_str_eq(name, PC_STR_LIT("path")) ||
           pc_str_eq(name, PC_STR_LIT("ext")) ||
           pc_str_eq(name, PC_STR_LIT("lang"));
}

/* cve:2014-0160, with any of the types that the analysis knows. */
static bool is_identifier(const ps_filter *f)
{
    char key[PC_IDENT_MAX];
    return f->op == PS_FILTER_SET && f->n == 1 &&
           pc_ident_typed(f->name, f->values[0].text, key) > 0;
}

/* Name and values, as they would stand in a text. */
static int write_text(const ps_filter *f, pc_arena *arena, pc_str *out)
{
    pc_buf b;
    pc_buf_init(&b, arena->mem);
    pc_buf_put_str(&b, f->name);
    for (size_t i = 0; i < f->n; i++) {
        pc_buf_put_u8(&b, i > 0 ? ' ' : ':');
        pc_buf_put_str(&b, f->values[i].text);
    }
    *out = (pc_str){pc_arena_copy(arena, b.ptr, b.len), b.len};
    int rc = b.status || !out->ptr ? PARASOL_NOMEM : PARASOL_OK;
    pc_buf_release(&b);
    return rc;
}

int ps_filter_check(const ps_snapshot *snap, const ps_node *node,
                    ps_notes *notes, pc_arena *arena, bool *as_text,
                    pc_str *text, parasol_error *err)
{
    const ps_filter *f = node->filter;
    bool known = false;
    uint64_t left_out = 0;
    for (uint32_t i = 0; i < snap->n_segs; i++) {
        bool here = false;
        pc_column column;
        int rc = pc_columns_find(&snap->segs[i]->columns, f->name, &here,
                                 &column, err);
        if (rc)
            return rc;
        known |= here;
        left_out += here ? column.left_out : snap->segs[i]->columns.left_out;
    }
    *as_text = !known && !is_usual(f->name);
    int rc = PARASOL_OK;
    if (*as_text)
        rc = write_text(f, arena, text);
    if (!rc && !known && !is_identifier(f))
        rc = ps_notes_add(
            notes, node, arena, "no document has the field \"%.*s\"%s",
            PC_STR_ARG(f->name), *as_text ? ": searched as text" : "");
    if (!rc && left_out > 0)
        rc = ps_notes_add(notes, node, arena,
                          "%llu values are longer than %u bytes, or of too "
                          "many fields, and cannot be asked for",
                          (unsigned long long)left_out, PC_COLUMN_VALUE_MAX);
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
}
