/*
 * Pairs of words that are also one.
 */
#include "searcher/plan/pair.h"

#include "common/base/fail.h"
#include "common/text/token.h"
#include "searcher/score/bm25.h"

/* Letters of each of two words that are tried as one, and of both. */
#define PART_MIN 3u
#define BOTH_MIN 8u
#define BOTH_MAX 40u

/* Words that stand before others for another reason: "over time" is not
   "overtime". */
static bool is_function_word(pc_str w)
{
    static const char words[] =
        " after all and any are been but can each even ever every for from had "
        "has have here her him his how its may mean more most much not now off "
        "one our out over per she some such than that the their them then "
        "there they this two under upon via was were what when where who why "
        "will with you your ";
    char key[12] = " ";
    if (w.len > sizeof key - 3)
        return false;
    for (size_t i = 0; i < w.len; i++)
        key[1 + i] = (char)(w.ptr[i] | 0x20);
    key[1 + w.len] = ' ';
    return strstr(words, key) != NULL;
}

static bool is_letters(pc_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((uint8_t)((s.ptr[i] | 0x20) - 'a') >= 26)
            return false;
    return true;
}

/* A word as it is typed most. */
static bool is_bare(const ps_clause *c)
{
    const ps_node *n = c->node;
    return c->occur == PS_SHOULD && n->kind == PS_NODE_WORD && !n->exact &&
           !n->constant && !n->extra && n->boost > 0.999F &&
           n->boost < 1.001F && n->text.len >= PART_MIN && is_letters(n->text);
}

static bool may_be_one(const ps_clause *a, const ps_clause *b)
{
    if (!is_bare(a) || !is_bare(b) || a->node->field != b->node->field)
        return false;
    size_t both = a->node->text.len + b->node->text.len;
    return both >= BOTH_MIN && both <= BOTH_MAX &&
           !is_function_word(a->node->text) && !is_function_word(b->node->text);
}

/* The node that nobody wrote. */
static ps_node *make_node(const ps_node *a, const ps_node *b, pc_arena *arena)
{
    ps_node *node = pc_arena_zalloc(arena, 1, sizeof *node);
    char *text = pc_arena_alloc(arena, a->text.len + b->text.len + 1);
    if (!node || !text)
        return NULL;
    *node = *a;
    node->end = b->end;
    node->extra = 1;
    node->text = (pc_str){text, a->text.len + b->text.len};
    for (size_t i = 0; i < a->text.len; i++)
        text[i] = (char)(a->text.ptr[i] | 0x20);
    for (size_t i = 0; i < b->text.len; i++)
        text[a->text.len + i] = (char)(b->text.ptr[i] | 0x20);
    text[node->text.len] = 0;
    return node;
}

static int add_pair(ps_plan_node *list, const ps_node *node,
                    pc_analyzer *analyzer, ps_terms *terms, double k1,
                    double *sum)
{
    pc_term term;
    ps_plan_term *found;
    if (pc_analyzer_term(analyzer, node->text, PC_TOKEN_WORD, &term))
        return pc_fail_nomem(terms->err);
    int rc =
        ps_terms_get(terms, &term, PC_TOKEN_WORD, false, node->field, &found);
    if (rc || found->df == 0)
        return rc;
    ps_plan_node *child = pc_arena_zalloc(terms->arena, 1, sizeof *child);
    if (!child)
        return pc_fail_nomem(terms->err);
    child->kind = PS_PLAN_LEAF;
    child->source = node;
    child->leaf.field = node->field;
    child->leaf.terms = pc_arena_zalloc(terms->arena, 1, sizeof found);
    child->leaf.offsets =
        pc_arena_zalloc(terms->arena, 1, sizeof *child->leaf.offsets);
    if (!child->leaf.terms || !child->leaf.offsets)
        return pc_fail_nomem(terms->err);
    child->leaf.n = 1;
    child->leaf.terms[0] = found;
    child->idf = ps_idf(terms->snap->docs, found->df);
    child->weight = child->idf * (k1 + 1.0);
    *sum += child->weight;
    list->clauses[list->n++] = (ps_plan_clause){PS_SHOULD, child};
    return PARASOL_OK;
}

int ps_plan_pairs(ps_plan_node *list, const ps_node *node,
                  pc_analyzer *analyzer, ps_terms *terms, double k1,
                  double *sum)
{
    if (node->either || node->least > 0 || node->n > PS_PAIR_CLAUSES)
        return PARASOL_OK;
    for (size_t i = 0; i < node->n; i++)
        if (node->clauses[i].node->extra)
            return PARASOL_OK; /* the thesaurus has said it */
    for (size_t i = 0; i + 1 < node->n; i++) {
        const ps_clause *c = node->clauses + i;
        if (!may_be_one(&c[0], &c[1]))
            continue;
        ps_node *both = make_node(c[0].node, c[1].node, terms->arena);
        if (!both)
            return pc_fail_nomem(terms->err);
        int rc = add_pair(list, both, analyzer, terms, k1, sum);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}
