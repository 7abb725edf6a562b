/*
 * Pairs of words that are also one.
 */
#include "searcher/plan/pair.h"

#include "common/base/fail.h"
#include "common/text/token.h"
#include "searcher/plan/word.h"
#include "searcher/score/bm25.h"

/* Letters of each of two words that are tried as one, and of both. */
#define PART_MIN 3u
#define BOTH_MIN 8u
#define BOTH_MAX PS_PAIR_BYTES
/* A word means two where one in so many of its documents has it with a
   hyphen. */
#define HYPHEN_SHARE 4u

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
    char key[8] = " ";
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
    return (c->occur == PS_SHOULD || c->occur == PS_MUST) &&
           n->kind == PS_NODE_WORD && !n->exact && !n->constant && !n->extra &&
           n->boost > 0.999F && n->boost < 1.001F && n->text.len >= PART_MIN &&
           is_letters(n->text);
}

static bool may_be_one(const ps_clause *a, const ps_clause *b)
{
    if (!is_bare(a) || !is_bare(b) || a->node->field != b->node->field)
        return false;
    size_t both = a->node->text.len + b->node->text.len;
    return both >= BOTH_MIN && both <= BOTH_MAX &&
           !is_function_word(a->node->text) && !is_function_word(b->node->text);
}

static bool is_required(const ps_node *list, size_t i)
{
    return list->clauses[i].occur == PS_MUST ||
           list->clauses[i + 1].occur == PS_MUST;
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

/* A leaf of one term, without a weight. */
static int make_leaf(ps_plan_node *out, const ps_node *source, uint8_t field,
                     ps_plan_term *term, ps_terms *terms)
{
    *out = (ps_plan_node){.kind = PS_PLAN_LEAF, .source = source};
    ps_plan_leaf *leaf = &out->leaf;
    leaf->field = field;
    leaf->terms = pc_arena_zalloc(terms->arena, 1, sizeof(ps_plan_term *));
    leaf->offsets = pc_arena_zalloc(terms->arena, 1, sizeof *leaf->offsets);
    if (!leaf->terms || !leaf->offsets)
        return pc_fail_nomem(terms->err);
    leaf->n = 1;
    leaf->terms[0] = term;
    return PARASOL_OK;
}

/* The term of the word, if the index has it as it is: what only shares its stem
   is another word. *hyphened: documents that have it with a hyphen. */
static int find(pc_str word, uint8_t field, ps_terms *terms, ps_plan_term **out,
                uint64_t *hyphened)
{
    const ps_seen_form *seen = NULL;
    pc_term term;
    *out = NULL;
    int rc = ps_terms_form(terms, word, field, &seen);
    if (rc || !seen->known)
        return rc;
    *hyphened = seen->hyphened;
    if (pc_analyzer_term(terms->analyzer, word, PC_TOKEN_WORD, &term))
        return pc_fail_nomem(terms->err);
    rc = ps_terms_get(terms, &term, PC_TOKEN_WORD, false, field, out);
    if (!rc && (*out)->df == 0)
        *out = NULL;
    return rc;
}

bool ps_pair_is_both(pc_str word, size_t at, uint64_t hyphened, uint64_t df)
{
    return ps_word_prefix(word) == at || hyphened * HYPHEN_SHARE >= df;
}

int ps_plan_pairs(ps_plan_node *list, const ps_node *node, bool all,
                  ps_terms *terms, double k1, double *sum)
{
    char bytes[PS_PAIR_BYTES];
    for (size_t i = 0; ps_pairs_wanted(node) && i + 1 < node->n; i++) {
        const ps_node *a = node->clauses[i].node,
                      *b = node->clauses[i + 1].node;
        uint64_t hyphened = 0;
        ps_plan_term *found;
        pc_str word = {bytes, ps_pair_word(node, i, bytes)};
        if (word.len == 0 ||
            !ps_terms_may_have(terms, word, a->text.len, a->field))
            continue;
        int rc = find(word, a->field, terms, &found, &hyphened);
        if (rc)
            return rc;
        bool both =
            found && ps_pair_is_both(word, a->text.len, hyphened, found->df);
        if (!found || (!both && (all || is_required(node, i))))
            continue;
        ps_node *source = make_node(a, b, word, terms->arena);
        ps_plan_node *child = pc_arena_zalloc(terms->arena, 1, sizeof *child);
        if (!source || !child)
            return pc_fail_nomem(terms->err);
        rc = make_leaf(child, source, a->field, found, terms);
        if (rc)
            return rc;
        child->stands = both;
        child->idf = ps_idf(terms->snap->docs, found->df);
        child->weight = child->idf * (k1 + 1.0);
        *sum += child->weight;
        list->clauses[list->n++] = (ps_plan_clause){PS_SHOULD, child};
    }
    return PARASOL_OK;
}

/* ---- what stands for words ---------------------------------------------- */

static bool may_replace(const ps_plan_node *other, const ps_plan_node *clause)
{
    const ps_node *a = other->source, *b = clause->source;
    return other->stands && ps_plan_is_extra(other) && !clause->stands && b &&
           (other->kind == PS_PLAN_LEAF || other->kind == PS_PLAN_SPANS) &&
           a->start <= b->start && b->end <= a->end;
}

/* `other` as a clause without a score. NULL: no memory. */
static ps_plan_node *make_silent(const ps_plan_node *other,
                                 const ps_plan_node *clause, pc_arena *arena)
{
    ps_plan_node *out = pc_arena_zalloc(arena, 1, sizeof *out);
    if (!out)
        return NULL;
    *out = *other;
    out->source = clause->source;
    out->weight = out->idf = 0.0;
    out->leaf.weight = 0.0F;
    return out;
}

/* The clause, or something that stands for it. NULL: no memory. */
static ps_plan_node *make_choice(const ps_plan_node *list, ps_plan_node *clause,
                                 pc_arena *arena)
{
    ps_plan_node *out = pc_arena_zalloc(arena, 1, sizeof *out);
    ps_plan_clause *v = pc_arena_zalloc(arena, list->n, sizeof *v);
    if (!out || !v)
        return NULL;
    *out = (ps_plan_node){.kind = PS_PLAN_BOOL,
                          .stands = true,
                          .source = clause->source,
                          .clauses = v};
    v[out->n++] = (ps_plan_clause){PS_SHOULD, clause};
    for (size_t i = 0; i < list->n; i++) {
        const ps_plan_node *other = list->clauses[i].node;
        if (!may_replace(other, clause))
            continue;
        ps_plan_node *silent = make_silent(other, clause, arena);
        if (!silent)
            return NULL;
        v[out->n++] = (ps_plan_clause){PS_SHOULD, silent};
    }
    return out;
}

static const ps_plan_node *stand_in(const ps_plan_node *list,
                                    const ps_plan_node *clause)
{
    for (size_t i = 0; i < list->n; i++)
        if (may_replace(list->clauses[i].node, clause))
            return list->clauses[i].node;
    return NULL;
}

int ps_stand_ins_require(ps_plan_node *list, pc_arena *arena)
{
    for (size_t i = 0; i < list->n; i++) {
        ps_plan_clause *c = &list->clauses[i];
        if (c->occur != PS_MUST || !stand_in(list, c->node))
            continue;
        c->node = make_choice(list, c->node, arena);
        if (!c->node)
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

int ps_stand_ins_find(ps_plan_node *list, pc_arena *arena)
{
    for (size_t i = 0; i < list->n; i++) {
        ps_plan_clause *c = &list->clauses[i];
        if (c->node->kind != PS_PLAN_NONE || c->occur == PS_NOT)
            continue;
        const ps_plan_node *other = stand_in(list, c->node);
        if (!other)
            continue;
        c->node = make_silent(other, c->node, arena);
        if (!c->node)
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}
