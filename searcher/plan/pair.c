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
#define BOTH_MAX PS_PAIR_BYTES

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

bool ps_pairs_wanted(const ps_node *list)
{
    if (list->kind != PS_NODE_BOOL || list->either || list->least > 0 ||
        list->n > PS_PAIR_CLAUSES)
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (list->clauses[i].node->extra)
            return false; /* the thesaurus has said it */
    return true;
}

size_t ps_pair_word(const ps_node *list, size_t i, char word[PS_PAIR_BYTES])
{
    if (i + 1 >= list->n ||
        !may_be_one(&list->clauses[i], &list->clauses[i + 1]))
        return 0;
    pc_str a = list->clauses[i].node->text, b = list->clauses[i + 1].node->text;
    for (size_t k = 0; k < a.len; k++)
        word[k] = (char)(a.ptr[k] | 0x20);
    for (size_t k = 0; k < b.len; k++)
        word[a.len + k] = (char)(b.ptr[k] | 0x20);
    return a.len + b.len;
}

/* The node that nobody wrote. */
static ps_node *make_node(const ps_node *a, const ps_node *b, pc_str word,
                          pc_arena *arena)
{
    ps_node *node = pc_arena_zalloc(arena, 1, sizeof *node);
    char *text = pc_arena_copy(arena, word.ptr, word.len);
    if (!node || !text)
        return NULL;
    *node = *a;
    node->end = b->end;
    node->extra = 1;
    node->text = (pc_str){text, word.len};
    return node;
}

static int add_pair(ps_plan_node *list, const ps_node *node,
                    ps_plan_term *found, ps_terms *terms, double k1,
                    double *sum)
{
    ps_plan_node *child = pc_arena_zalloc(terms->arena, 1, sizeof *child);
    if (!child)
        return pc_fail_nomem(terms->err);
    ps_plan_leaf *leaf = &child->leaf;
    child->kind = PS_PLAN_LEAF;
    child->source = node;
    leaf->field = node->field;
    leaf->terms = pc_arena_zalloc(terms->arena, 1, sizeof(ps_plan_term *));
    leaf->offsets = pc_arena_zalloc(terms->arena, 1, sizeof *leaf->offsets);
    if (!leaf->terms || !leaf->offsets)
        return pc_fail_nomem(terms->err);
    leaf->n = 1;
    leaf->terms[0] = found;
    child->idf = ps_idf(terms->snap->docs, found->df);
    child->weight = child->idf * (k1 + 1.0);
    *sum += child->weight;
    list->clauses[list->n++] = (ps_plan_clause){PS_SHOULD, child};
    return PARASOL_OK;
}

/* The term of the word, if the index has it as it is: what only shares its stem
   is another word. */
static int find(pc_str word, uint8_t field, pc_analyzer *analyzer,
                ps_terms *terms, ps_plan_term **out)
{
    const ps_seen_form *seen = NULL;
    pc_term term;
    *out = NULL;
    int rc = ps_terms_form(terms, word, field, &seen);
    if (rc || !seen->known)
        return rc;
    if (pc_analyzer_term(analyzer, word, PC_TOKEN_WORD, &term))
        return pc_fail_nomem(terms->err);
    rc = ps_terms_get(terms, &term, PC_TOKEN_WORD, false, field, out);
    return rc;
}

int ps_plan_pairs(ps_plan_node *list, const ps_node *node,
                  pc_analyzer *analyzer, ps_terms *terms, double k1,
                  double *sum)
{
    char bytes[PS_PAIR_BYTES];
    for (size_t i = 0; ps_pairs_wanted(node) && i + 1 < node->n; i++) {
        const ps_node *a = node->clauses[i].node,
                      *b = node->clauses[i + 1].node;
        ps_plan_term *found;
        pc_str word = {bytes, ps_pair_word(node, i, bytes)};
        if (word.len == 0)
            continue;
        int rc = find(word, a->field, analyzer, terms, &found);
        if (rc)
            return rc;
        if (!found || found->df == 0)
            continue;
        ps_node *both = make_node(a, b, word, terms->arena);
        if (!both)
            return pc_fail_nomem(terms->err);
        rc = add_pair(list, both, found, terms, k1, sum);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}
