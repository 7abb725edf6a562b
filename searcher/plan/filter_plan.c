/*
 * Filters against what the index has.
 */
#include "searcher/plan/filter_plan.h"

#include "common/base/fail.h"
#include "common/text/ident.h"

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
    bool all = f->op == PS_FILTER_SET;
    for (size_t i = 0; i < f->n && all; i++)
        all = pc_ident_typed(f->name, f->values[i].text, key) > 0;
    return all;
}

/* A phrase of the name and values [from, to), as they would stand in a text.
   NULL: NOMEM. */
static ps_node *write_text(const ps_node *node, size_t from, size_t to,
                           pc_arena *arena)
{
    const ps_filter *f = node->filter;
    ps_node *out = pc_arena_zalloc(arena, 1, sizeof *out);
    pc_buf b;
    pc_buf_init(&b, arena->mem);
    pc_buf_put_str(&b, f->name);
    for (size_t i = from; i < to; i++) {
        pc_buf_put_u8(&b, i > from ? ' ' : ':');
        pc_buf_put_str(&b, f->values[i].text);
    }
    const char *copy = pc_arena_copy(arena, b.ptr, b.len);
    bool done = out && copy && !b.status;
    if (done)
        *out = (ps_node){.kind = PS_NODE_PHRASE,
                         .boost = 1.0F,
                         .start = node->start,
                         .end = node->end,
                         .text = {copy, b.len}};
    pc_buf_release(&b);
    return done ? out : NULL;
}

/* One identifier or several, any of which is wanted. NULL: NOMEM. */
static ps_node *write_identifiers(const ps_node *node, pc_arena *arena)
{
    size_t n = node->filter->n;
    if (n == 1)
        return write_text(node, 0, 1, arena);
    ps_node *out = pc_arena_zalloc(arena, 1, sizeof *out);
    ps_clause *clauses = pc_arena_zalloc(arena, n, sizeof *clauses);
    if (!out || !clauses)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        clauses[i] = (ps_clause){PS_SHOULD, write_text(node, i, i + 1, arena)};
        if (!clauses[i].node)
            return NULL;
    }
    *out = (ps_node){.kind = PS_NODE_BOOL,
                     .either = 1,
                     .height = 1,
                     .boost = 1.0F,
                     .start = node->start,
                     .end = node->end,
                     .n = n,
                     .clauses = clauses};
    return out;
}

bool ps_filter_languages(const ps_snapshot *snap, const ps_filter *f,
                         uint64_t *set)
{
    const ps_languages *l = &snap->languages;
    *set = 0;
    if (!l->is_auto || f->op != PS_FILTER_SET ||
        !pc_str_eq(f->name, PC_STR_LIT("lang")))
        return false;
    for (size_t i = 0; i < f->n; i++) {
        uint8_t language = pc_language_named(f->values[i].text);
        if (f->values[i].form == PS_VALUE_GLOB || language == PC_LANGUAGE_NONE)
            return false;
        for (uint32_t k = 0; k < l->n; k++)
            if (l->v[k] == language)
                *set |= UINT64_C(1) << k;
    }
    return true;
}

int ps_filter_check(const ps_snapshot *snap, const ps_node *node,
                    ps_warnings *notes, pc_arena *arena, ps_node **text,
                    parasol_error *err)
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
    bool as_text = !known && !is_usual(f->name);
    bool identifier = as_text && is_identifier(f);
    int rc = PARASOL_OK;
    *text = NULL;
    if (as_text)
        *text = identifier ? write_identifiers(node, arena)
                           : write_text(node, 0, f->n, arena);
    if (as_text && !*text)
        rc = PARASOL_NOMEM;
    if (!rc && !known && !identifier)
        rc = ps_warn_format(notes, node->start, node->end,
                            "no document has the field \"%.*s\"%s",
                            PC_STR_ARG(f->name),
                            as_text ? ": searched as text" : "");
    if (!rc && left_out > 0)
        rc = ps_warn_format(notes, node->start, node->end,
                            "%llu values are longer than %u bytes, or of too "
                            "many fields, and cannot be asked for",
                            (unsigned long long)left_out, PC_COLUMN_VALUE_MAX);
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
}
