/*
 * A plan as text. Recursion is bounded by the height of the query.
 */
#include "searcher/plan/show.h"

#include "searcher/plan/word.h"

#define WORDS_SHOWN 20u /* of those that a pattern matches */

static void indent(pc_buf *b, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++)
        pc_buf_put_z(b, "  ");
}

/* One term of a leaf with its number of documents. */
static void show_term(pc_buf *b, const ps_plan_term *t)
{
    if (t->exact)
        pc_buf_put_fmt(b, "=%.*s", PC_STR_ARG(t->form));
    else if (t->n_words == 0)
        pc_buf_put_str(b, t->stem);
    for (uint32_t i = 0; i < t->n_words; i++)
        pc_buf_put_fmt(b, "%s=%.*s", i ? " or " : "", PC_STR_ARG(t->words[i]));
    pc_buf_put_fmt(b, " (%llu)", (unsigned long long)t->df);
}

/* The terms of a leaf in a row. */
static void show_terms(pc_buf *b, const ps_plan_leaf *leaf)
{
    for (uint32_t i = 0; i < leaf->n; i++) {
        if (i > 0)
            pc_buf_put_u8(b, ' ');
        /* A hole: a position without a word. */
        for (uint32_t k = i > 0 ? leaf->offsets[i - 1] + 1 : 0;
             k < leaf->offsets[i]; k++)
            pc_buf_put_z(b, "_ ");
        show_term(b, leaf->terms[i]);
    }
}

static void show_leaf(pc_buf *b, const ps_plan_leaf *leaf)
{
    if (leaf->field == PC_FIELD_TITLE)
        pc_buf_put_z(b, "in the title: ");
    if (leaf->n == 1) {
        pc_buf_put_z(b, "word ");
        show_term(b, leaf->terms[0]);
        return;
    }
    pc_buf_put_z(b, "phrase ");
    show_terms(b, leaf);
    if (leaf->distance)
        pc_buf_put_fmt(b, ", in any order, at most %u words between them",
                       (unsigned)leaf->distance);
}

/* What may stand in one slot: "[cybersecur (3) or cyber (9) secur (7)]". */
static void show_slot(pc_buf *b, const ps_plan_slot *slot)
{
    if (slot->n > 1)
        pc_buf_put_u8(b, '[');
    for (uint32_t i = 0; i < slot->n; i++) {
        if (i > 0)
            pc_buf_put_z(b, " or ");
        if (slot->alts[i].leaf.n == 0)
            pc_buf_put_u8(b, '_');
        if (slot->alts[i].why == PS_WHY_LEARNED)
            pc_buf_put_z(b, "as documents explain ");
        show_terms(b, &slot->alts[i].leaf);
    }
    if (slot->n > 1)
        pc_buf_put_u8(b, ']');
}

static void show_spans(pc_buf *b, const ps_plan_node *node)
{
    if (node->leaf.field == PC_FIELD_TITLE)
        pc_buf_put_z(b, "in the title: ");
    pc_buf_put_z(b, node->spans.n > 1 ? "phrase" : "word");
    for (uint32_t i = 0; i < node->spans.n; i++) {
        pc_buf_put_u8(b, ' ');
        show_slot(b, &node->spans.slots[i]);
    }
}

static void show_day(pc_buf *b, ps_day day)
{
    pc_buf_put_fmt(b, "%04u-%02u-%02u", (unsigned)(day / 10000),
                   (unsigned)(day / 100 % 100), (unsigned)(day % 100));
}

/* One end of a range; a period by the day that counts. */
static void show_end(pc_buf *b, const ps_predicate *p, size_t i)
{
    const ps_wanted *w = &p->values[i];
    bool without = i == 0 ? p->without_low : p->without_high;
    if (w->form == PS_VALUE_OPEN)
        return;
    pc_buf_put_z(b, i == 0 ? (without ? " after " : " from ")
                           : (without ? " before " : " to "));
    if (p->is_date && w->is_period)
        show_day(b, (i == 0) == without ? w->period.last : w->period.first);
    else
        pc_buf_put_str(b, w->text);
}

static void show_value(pc_buf *b, const ps_predicate *p, const ps_wanted *w)
{
    if (p->is_date && w->is_period && w->form == PS_VALUE_WORDS) {
        show_day(b, w->period.first);
        pc_buf_put_z(b, " to ");
        show_day(b, w->period.last);
        return;
    }
    if (w->form == PS_VALUE_EXACT)
        pc_buf_put_u8(b, '=');
    pc_buf_put_str(b, w->text);
}

static void show_filter(pc_buf *b, const ps_predicate *p)
{
    pc_buf_put_fmt(b, "field %.*s", PC_STR_ARG(p->name));
    if (p->op == PS_FILTER_RANGE) {
        show_end(b, p, 0);
        show_end(b, p, 1);
        return;
    }
    for (size_t i = 0; i < p->n; i++) {
        pc_buf_put_z(b, i > 0 ? " or " : ": ");
        show_value(b, p, &p->values[i]);
    }
}

static void show_list(pc_buf *b, const ps_plan_node *node)
{
    bool must = false, should = false;
    for (size_t i = 0; i < node->n; i++) {
        must |= node->clauses[i].occur == PS_MUST;
        should |= node->clauses[i].occur == PS_SHOULD;
    }
    if (node->least > 1)
        pc_buf_put_fmt(b, "at least %u of", (unsigned)node->least);
    else if (node->expanded)
        pc_buf_put_fmt(b, "any of %zu words", node->n);
    else
        pc_buf_put_z(b, must     ? "all that is required"
                        : should ? "any of"
                                 : "documents");
}

static void show_node(pc_buf *b, const ps_plan_node *node, const char *sign,
                      unsigned depth)
{
    indent(b, depth);
    pc_buf_put_z(b, sign);
    switch ((enum ps_plan_kind)node->kind) {
    case PS_PLAN_NONE: pc_buf_put_z(b, "nothing"); break;
    case PS_PLAN_ALL: pc_buf_put_z(b, "every document"); break;
    case PS_PLAN_LEAF: show_leaf(b, &node->leaf); break;
    case PS_PLAN_SPANS: show_spans(b, node); break;
    case PS_PLAN_BOOL: show_list(b, node); break;
    case PS_PLAN_NEAR:
        pc_buf_put_fmt(b, "%s, at most %u words between them",
                       node->ordered ? "one after the other" : "near",
                       (unsigned)node->distance);
        break;
    case PS_PLAN_FILTER: show_filter(b, node->filter); break;
    case PS_PLAN_CONSTANT: {
        unsigned milli = (unsigned)(node->weight * 1000.0 + 0.5);
        pc_buf_put_fmt(b, "with the score %u.%03u", milli / 1000, milli % 1000);
        break;
    }
    }
    pc_buf_put_u8(b, '\n');
    size_t shown = node->n;
    if (node->expanded && shown > WORDS_SHOWN)
        shown = WORDS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        static const char *const signs[] = {"",
                                            "required: ", "not: ", "only: "};
        uint8_t occur = node->clauses[i].occur;
        bool plain = node->kind != PS_PLAN_BOOL;
        show_node(b, node->clauses[i].node, plain ? "" : signs[occur],
                  depth + 1);
    }
    if (shown < node->n) {
        indent(b, depth + 1);
        pc_buf_put_fmt(b, "and %zu more\n", node->n - shown);
    }
}

void ps_plan_show(pc_buf *b, const ps_plan *plan)
{
    show_node(b, plan->root, "", 0);
    for (size_t i = 0; i < plan->n_absent; i++)
        pc_buf_put_fmt(b, "not in this index: %.*s\n",
                       PC_STR_ARG(plan->absent[i]));
}
