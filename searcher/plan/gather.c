/*
 * Gathering of words that belong together.
 */
#include "searcher/plan/gather.h"

#include "common/base/fail.h"
#include "common/text/fold.h"
#include "common/text/ident.h"
#include "common/text/spaced.h"
#include "common/text/words.h"
#include "searcher/plan/designator.h"

#define RUN_MAX 8u /* words that are tried together */

typedef struct gatherer {
    const ps_synonyms *synonyms; /* NULL: none */
    pc_analyzer *analyzer;
    pc_arena *arena;
    parasol_error *err;
} gatherer;

/* A list on its way. */
typedef struct list {
    const ps_node *from;
    ps_node *to;
} list;

/* ---- runs --------------------------------------------------------------- */

static int gather(const gatherer *g, const ps_node **node);

/* A word as it is typed most: without sign of its own, boost or =. */
static bool is_bare(const ps_node *parent, size_t i)
{
    const ps_clause *c = &parent->clauses[i];
    return c->node->kind == PS_NODE_WORD && !c->node->exact &&
           !c->node->constant && c->occur != PS_NOT &&
           c->node->boost > 0.999F && c->node->boost < 1.001F;
}

/* Bare words from clause i on that are wanted in the same way. */
static size_t run_length(const ps_node *parent, size_t i)
{
    size_t n = 0;
    while (i + n < parent->n && n < RUN_MAX && is_bare(parent, i + n) &&
           parent->clauses[i + n].occur == parent->clauses[i].occur &&
           parent->clauses[i + n].node->field == parent->clauses[i].node->field)
        n++;
    return n;
}

/* The words of clauses [i, i + n) with spaces between. */
static int join(const gatherer *g, const ps_node *parent, size_t i, size_t n,
                pc_str *out)
{
    pc_buf b;
    pc_buf_init(&b, g->arena->mem);
    for (size_t k = i; k < i + n; k++) {
        if (k > i)
            pc_buf_put_u8(&b, ' ');
        pc_buf_put_str(&b, parent->clauses[k].node->text);
    }
    char *copy = b.status ? NULL : pc_arena_copy(g->arena, b.ptr, b.len);
    *out = (pc_str){copy, b.len};
    pc_buf_release(&b);
    return copy ? PARASOL_OK : pc_fail_nomem(g->err);
}

/* Adds one node for clauses [i, i + n). */
static int add(const gatherer *g, list *l, size_t i, size_t n, uint8_t kind)
{
    const ps_clause *first = &l->from->clauses[i];
    ps_node *node = pc_arena_zalloc(g->arena, 1, sizeof *node);
    if (!node)
        return pc_fail_nomem(g->err);
    *node = *first->node;
    node->kind = kind;
    node->end = l->from->clauses[i + n - 1].node->end;
    l->to->clauses[l->to->n++] = (ps_clause){first->occur, node};
    return join(g, l->from, i, n, &node->text);
}

/* ---- what belongs together ---------------------------------------------- */

static bool is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool begins_with_digit(const ps_node *parent, size_t i)
{
    pc_str text = parent->clauses[i].node->text;
    return text.len > 0 && is_digit(text.ptr[0]);
}

/* Words from clause i on that are an identifier: the most; 0 for none. */
static int ident_length(const gatherer *g, const ps_node *parent, size_t i,
                        size_t run, size_t *len)
{
    char key[PC_IDENT_MAX];
    bool number = false;
    *len = 0;
    for (size_t k = i; k < i + run; k++)
        number |= begins_with_digit(parent, k);
    for (size_t n = run; number && n > 1; n--) {
        pc_str text;
        int rc = join(g, parent, i, n, &text);
        if (rc)
            return rc;
        /* 10 U.S.C. 2304(a) */
        const char *part = memchr(text.ptr, '(', text.len);
        if (part && !memchr(part, ' ', text.len - (size_t)(part - text.ptr)))
            text.len = (size_t)(part - text.ptr);
        if (pc_ident_key(text, key)) {
            *len = n;
            break;
        }
    }
    return PARASOL_OK;
}

/* Words from clause i on that are an acronym with spaces, U. S.: the most. */
static int acronym_length(const gatherer *g, const ps_node *parent, size_t i,
                          size_t run, size_t *len)
{
    size_t n = 0;
    pc_str text;
    while (n < run && parent->clauses[i + n].node->text.len == 2 &&
           parent->clauses[i + n].node->text.ptr[1] == '.')
        n++;
    *len = 0;
    if (n < 2)
        return PARASOL_OK;
    int rc = join(g, parent, i, n, &text);
    size_t end = rc ? 0 : pc_spaced_known(text, 0);
    *len = (end + 2) / 3; /* "U. S" */
    return rc;
}

static int put_words(const gatherer *g, pc_buf *key, pc_str text)
{
    pc_words words;
    pc_token tok;
    pc_words_init(&words, text.ptr, text.len);
    while (pc_words_next(&words, &tok)) {
        pc_term term;
        pc_str raw = {text.ptr + tok.start, tok.end - tok.start};
        if (tok.span > 1)
            continue;
        if (pc_analyzer_term(g->analyzer, raw, tok.kind, &term))
            return pc_fail_nomem(g->err);
        if (term.form.len)
            ps_synonyms_put_word(key, term.form, term.stem);
    }
    return key->status ? pc_fail_nomem(g->err) : PARASOL_OK;
}

/* Words from clause i on that have synonyms together: the most, if more than
   one; else 0. */
static int synonym_length(const gatherer *g, const ps_node *parent, size_t i,
                          size_t run, size_t *len)
{
    pc_buf key;
    size_t n;
    int rc = PARASOL_OK;
    *len = 0;
    pc_buf_init(&key, g->arena->mem);
    for (size_t k = 0; k < run && g->synonyms; k++) {
        rc = put_words(g, &key, parent->clauses[i + k].node->text);
        if (rc)
            break;
        if (k > 0 && ps_synonyms_find(g->synonyms, pc_buf_str(&key), &n))
            *len = k + 1;
        if (!ps_synonyms_begins(g->synonyms, pc_buf_str(&key)))
            break;
    }
    pc_buf_release(&key);
    return rc;
}

/* ---- accents ------------------------------------------------------------ */

/* A document with the accents as they were typed scores a tenth more for the
   word. */
#define ACCENT_BOOST 0.1F

/* Does the word have marks that analysis folds? */
static int has_marks(const gatherer *g, pc_str text, bool *yes)
{
    pc_buf form, plain;
    size_t i = 0;
    *yes = false;
    while (i < text.len && (uint8_t)text.ptr[i] < 0x80)
        i++;
    if (i == text.len)
        return PARASOL_OK;
    pc_buf_init(&form, g->arena->mem);
    pc_buf_init(&plain, g->arena->mem);
    int rc = pc_fold_case(&form, text);
    if (!rc)
        rc = pc_fold_marks(&plain, pc_buf_str(&form));
    *yes = !rc && !pc_str_eq(pc_buf_str(&form), pc_buf_str(&plain));
    pc_buf_release(&form);
    pc_buf_release(&plain);
    return rc ? pc_fail_nomem(g->err) : PARASOL_OK;
}

/* A word with accents is required, and wanted as it was typed. */
static int prefer_accents(const gatherer *g, const ps_node **node)
{
    const ps_node *word = *node;
    bool yes;
    if (word->kind != PS_NODE_WORD || word->exact || word->constant)
        return PARASOL_OK;
    int rc = has_marks(g, word->text, &yes);
    if (rc || !yes)
        return rc;
    ps_node *v = pc_arena_zalloc(g->arena, 3, sizeof *v);
    ps_clause *clauses = pc_arena_zalloc(g->arena, 2, sizeof *clauses);
    if (!v || !clauses)
        return pc_fail_nomem(g->err);
    v[0] = v[1] = v[2] = *word;
    v[1].boost = 1.0F;
    v[2].boost = ACCENT_BOOST;
    v[2].exact = 1;
    v[0].kind = PS_NODE_BOOL;
    v[0].height = 1;
    v[0].n = 2;
    v[0].clauses = clauses;
    clauses[0] = (ps_clause){PS_MUST, &v[1]};
    clauses[1] = (ps_clause){PS_SHOULD, &v[2]};
    *node = v;
    return PARASOL_OK;
}

/* ---- lists -------------------------------------------------------------- */

static int take_clause(const gatherer *g, list *l, size_t *i)
{
    const ps_clause *c = &l->from->clauses[(*i)++];
    const ps_node *node = c->node;
    int rc = gather(g, &node);
    /* Nobody writes to the nodes of a clause. */
    l->to->clauses[l->to->n++] =
        (ps_clause){c->occur, (ps_node *)(uintptr_t)node};
    return rc;
}

/* NIST 800-53: the number is required, and the word wanted beside it. */
static int take_number(const gatherer *g, list *l, size_t i)
{
    const ps_clause *word = &l->from->clauses[i], *number = word + 1;
    ps_node *node = pc_arena_zalloc(g->arena, 1, sizeof *node);
    ps_clause *v = pc_arena_zalloc(g->arena, 2, sizeof *v);
    if (!node || !v)
        return pc_fail_nomem(g->err);
    *node = *word->node;
    node->kind = PS_NODE_BOOL;
    node->height = 1;
    node->end = number->node->end;
    node->n = 2;
    node->clauses = v;
    v[0] = (ps_clause){PS_MUST, number->node};
    v[1] = (ps_clause){PS_SHOULD, word->node};
    l->to->clauses[l->to->n++] = (ps_clause){word->occur, node};
    return PARASOL_OK;
}

/* Takes what begins at *i over if it is an identifier or designator; *i moves
   behind it. */
static int take_whole(const gatherer *g, list *l, size_t *i, size_t run)
{
    size_t len;
    int rc = ident_length(g, l->from, *i, run, &len);
    if (!rc && len == 0)
        rc = acronym_length(g, l->from, *i, run, &len);
    if (!rc && len > 0) {
        rc = add(g, l, *i, len, PS_NODE_WORD);
    } else if (!rc && ps_designator_says_all(l->from, *i, run)) {
        rc = take_number(g, l, *i);
        len = 2;
    } else if (!rc && (len = ps_designator(l->from, *i, run)) > 0) {
        rc = add(g, l, *i, len, PS_NODE_PHRASE);
    }
    *i += len;
    return rc;
}

/* Adds what begins at clause i and is also wanted as a phrase. */
static int add_phrase(const gatherer *g, list *l, size_t i, size_t run)
{
    const ps_clause *c = &l->from->clauses[i];
    size_t len;
    if (run < 2 || c->occur != PS_SHOULD)
        return PARASOL_OK;
    int rc = synonym_length(g, l->from, i, run, &len);
    if (rc || len == 0)
        return rc;
    rc = add(g, l, i, len, PS_NODE_PHRASE);
    l->to->clauses[l->to->n - 1].node->extra = 1;
    return rc;
}

/* Takes the bare word at *i over, with those that belong to it; *i moves
   behind what was taken. */
static int take(const gatherer *g, list *l, size_t *i)
{
    size_t run = run_length(l->from, *i), before = *i;
    int rc = take_whole(g, l, i, run);
    if (rc || *i > before)
        return rc;
    rc = add_phrase(g, l, *i, run);
    return rc ? rc : take_clause(g, l, i);
}

/* Recursion is bounded by PS_MAX_DEPTH. */
static int gather(const gatherer *g, const ps_node **node)
{
    const ps_node *from = *node;
    if (from->kind != PS_NODE_BOOL)
        return prefer_accents(g, node);
    ps_node *to = pc_arena_zalloc(g->arena, 1, sizeof *to);
    if (!to)
        return pc_fail_nomem(g->err);
    *to = *from;
    to->n = 0;
    to->clauses = pc_arena_zalloc(g->arena, 2 * from->n, sizeof *to->clauses);
    if (!to->clauses)
        return pc_fail_nomem(g->err);
    list l = {from, to};
    bool listed = !from->either && from->least == 0;
    for (size_t i = 0; i < from->n;) {
        int rc = listed && is_bare(from, i) ? take(g, &l, &i)
                                            : take_clause(g, &l, &i);
        if (rc)
            return rc;
    }
    *node = to;
    return PARASOL_OK;
}

int ps_gather(const ps_node **root, const ps_synonyms *synonyms,
              pc_analyzer *analyzer, pc_arena *arena, parasol_error *err)
{
    const gatherer g = {synonyms, analyzer, arena, err};
    return gather(&g, root);
}
