/*
 * Slots of words to slots of terms.
 */
#include "searcher/plan/slots.h"

#include "common/base/fail.h"
#include "common/text/frequent.h"
#include "common/text/words.h"
#include "searcher/score/bm25.h"

typedef struct filler {
    const ps_leaf_words *from;
    ps_terms *terms;
    pc_arena *arena;
    parasol_error *err;
} filler;

/* ---- what the index has ------------------------------------------------- */

/* The documents of the view that have the word. */
static int view_df(const filler *f, const ps_view *view, pc_str word, bool form,
                   uint64_t *df)
{
    pc_key key;
    pc_entry e;
    bool found = false;
    if (!pc_key_make(&key, ps_view_field(view, f->from->field), word))
        return PARASOL_OK;
    int rc =
        pc_dict_find(&view->seg->dict, pc_key_str(&key), &found, &e, f->err);
    if (rc || !found)
        return rc;
    if (form && (e.flags & PC_ENTRY_FORM))
        *df += e.form.df;
    else if (!form && (e.flags & PC_ENTRY_TERM))
        *df += e.df;
    return PARASOL_OK;
}

/* A stem is that of the query's language; what others would make of it is
   near enough to tell whether they have the word. */
static int index_df(void *user, pc_str word, bool form, uint64_t *df)
{
    const filler *f = user;
    const ps_snapshot *snap = f->terms->snap;
    pc_str stems[PC_LANGUAGES_MAX];
    bool several = !form && snap->languages.n > 1;
    int rc = PARASOL_OK;
    *df = 0;
    if (several)
        rc = ps_terms_stems(f->terms, word, PC_TOKEN_WORD, stems);
    for (uint32_t i = 0; !rc && i < snap->n_views; i++) {
        const ps_view *view = &snap->views[i];
        rc = view_df(f, view, several ? stems[view->language] : word, form, df);
    }
    return rc;
}

static int index_acronyms(void *user, pc_str acronym, uint64_t df,
                          const ps_acronym **out, size_t *n)
{
    const filler *f = user;
    return ps_acronyms_of(out, n, f->terms->snap, PC_FIELD_TEXT, acronym, df,
                          f->arena, f->err);
}

static int index_form(void *user, pc_str form, ps_known_form *out)
{
    const filler *f = user;
    const ps_seen_form *seen = NULL;
    int rc = ps_terms_form(f->terms, form, f->from->field, &seen);
    if (!rc)
        *out =
            (ps_known_form){seen->stem, seen->hyphened,
                            !seen->found && f->terms->snap->languages.n == 1};
    return rc;
}

/* ---- filling ------------------------------------------------------------ */

/* A term as it is meant: an acronym that would be an everyday word (US) in
   capitals, unless the index has it in small letters only. */
static int get_term(filler *f, pc_term term, uint8_t kind, bool exact,
                    uint8_t only, ps_plan_term **out)
{
    exact |= f->from->exact;
    bool capital = (uint8_t)(term.form.ptr[0] - 'A') < 26;
    int rc = ps_terms_get_only(f->terms, &term, kind, exact || capital,
                               f->from->field, only, out);
    if (!rc && capital && !exact && (*out)->df == 0)
        rc = ps_terms_get_only(f->terms, &term, kind, false, f->from->field,
                               only, out);
    return rc;
}

static int leaf_room(filler *f, ps_plan_leaf *leaf, uint32_t n)
{
    leaf->field = f->from->field;
    leaf->terms = pc_arena_zalloc(f->arena, n, sizeof *leaf->terms);
    leaf->offsets = pc_arena_zalloc(f->arena, n, sizeof *leaf->offsets);
    return leaf->terms && leaf->offsets ? PARASOL_OK : pc_fail_nomem(f->err);
}

/* Looks the terms up; *there is set unless one is in no document. */
static int fill_alt(filler *f, const ps_word_alt *from, ps_plan_alt *to,
                    bool *there)
{
    ps_plan_leaf *leaf = &to->leaf;
    to->len = from->len;
    to->why = from->why;
    *there = true;
    int rc = leaf_room(f, leaf, from->n);
    for (uint32_t i = 0; i < from->n && !rc; i++) {
        pc_term term = {from->terms[i].form, from->terms[i].stem};
        rc = get_term(f, term, from->terms[i].kind, from->terms[i].exact,
                      from->only, &leaf->terms[i]);
        if (rc)
            return rc;
        leaf->offsets[leaf->n++] = from->terms[i].offset;
        *there &= leaf->terms[i]->df > 0;
    }
    return rc;
}

static int fill_slot(filler *f, const ps_word_slot *from, ps_plan_slot *to)
{
    to->alts = pc_arena_zalloc(f->arena, from->n, sizeof *to->alts);
    if (!to->alts)
        return pc_fail_nomem(f->err);
    for (uint32_t i = 0; i < from->n; i++) {
        bool there;
        int rc = fill_alt(f, &from->alts[i], &to->alts[to->n], &there);
        if (rc)
            return rc;
        if (there)
            to->n++;
        else
            to->alts[to->n] = (ps_plan_alt){0};
    }
    return PARASOL_OK;
}

/* One way to write every slot: the terms of all in a row. */
static int make_leaf(filler *f, const ps_plan_spans *spans, ps_plan_leaf *leaf)
{
    uint32_t n = 0, at = 0;
    for (uint32_t i = 0; i < spans->n; i++)
        n += spans->slots[i].alts[0].leaf.n;
    if (leaf_room(f, leaf, n))
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < spans->n; i++) {
        const ps_plan_alt *alt = &spans->slots[i].alts[0];
        for (uint32_t k = 0; k < alt->leaf.n; k++) {
            leaf->terms[leaf->n] = alt->leaf.terms[k];
            leaf->offsets[leaf->n++] = at + alt->leaf.offsets[k];
        }
        at += alt->len;
    }
    /* The first term may stand behind the beginning (an identifier). */
    uint32_t first = n ? leaf->offsets[0] : 0;
    for (uint32_t i = 1; i < n; i++)
        first = leaf->offsets[i] < first ? leaf->offsets[i] : first;
    for (uint32_t i = 0; i < n; i++)
        leaf->offsets[i] -= first;
    return PARASOL_OK;
}

/* ---- pairs -------------------------------------------------------------- */

/* Are terms i and i + 1 neighbours that are indexed together, in the language
   in use? */
static bool is_pair(const filler *f, const ps_plan_leaf *leaf, uint32_t i,
                    uint32_t language)
{
    const ps_plan_term *a = leaf->terms[i];
    if (i + 1 >= leaf->n || leaf->offsets[i] + 1 != leaf->offsets[i + 1])
        return false;
    const ps_plan_term *b = leaf->terms[i + 1];
    const pc_analyzer *an = f->from->analyzer;
    return !a->exact && !b->exact &&
           pc_analyzer_pairs(
               an, pc_analyzer_frequent(an, ps_term_stem(a, language)),
               pc_analyzer_frequent(an, ps_term_stem(b, language)));
}

static int get_pair(filler *f, const ps_plan_leaf *leaf, uint32_t i,
                    uint32_t language, ps_plan_term **out)
{
    char key[PC_PAIR_MAX];
    size_t len = pc_pair_key(key, ps_term_stem(leaf->terms[i], language),
                             ps_term_stem(leaf->terms[i + 1], language));
    return ps_terms_in(f->terms, (pc_str){key, len}, language, leaf->field,
                       out);
}

/* The phrase with the pairs of frequent words that are in it, in the language
   in use: all of them, for each thins the candidates out. *out NULL: none. */
static int make_pairs(filler *f, const ps_plan_leaf *leaf, uint32_t language,
                      ps_plan_leaf **out)
{
    uint32_t pairs = 0;
    *out = NULL;
    for (uint32_t i = 0; i + 1 < leaf->n; i++)
        pairs += is_pair(f, leaf, i, language);
    if (pairs == 0)
        return PARASOL_OK;
    ps_plan_leaf *to = pc_arena_zalloc(f->arena, 1, sizeof *to);
    if (!to || leaf_room(f, to, leaf->n))
        return pc_fail_nomem(f->err);
    bool before = false; /* the term before begins a pair */
    for (uint32_t i = 0; i < leaf->n; i++) {
        bool pair = is_pair(f, leaf, i, language);
        int rc = PARASOL_OK;
        if (pair)
            rc = get_pair(f, leaf, i, language, &to->terms[to->n]);
        else if (!before)
            to->terms[to->n] = leaf->terms[i];
        if (rc)
            return rc;
        to->offsets[to->n] = leaf->offsets[i];
        to->n += pair || !before;
        before = pair;
    }
    *out = to;
    return PARASOL_OK;
}

/* The same in each language of the index. */
static int add_pairs(filler *f, ps_plan_leaf *leaf)
{
    const ps_languages *l = &f->terms->snap->languages;
    pc_analyzer *analyzer = f->from->analyzer;
    uint8_t before = pc_analyzer_in_use(analyzer);
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && leaf->n > 1 && i < l->n; i++) {
        ps_plan_leaf *one;
        if (pc_analyzer_use(analyzer, l->v[i]))
            return pc_fail_nomem(f->err);
        rc = make_pairs(f, leaf, i, &one);
        if (rc || !one)
            continue;
        if (!leaf->pairs)
            leaf->pairs =
                pc_arena_zalloc(f->arena, l->n, sizeof(ps_plan_leaf *));
        if (!leaf->pairs)
            return pc_fail_nomem(f->err);
        leaf->pairs[i] = one;
    }
    if (pc_analyzer_use(analyzer, before) && !rc)
        rc = pc_fail_nomem(f->err);
    return rc;
}

/* ---- weights ------------------------------------------------------------ */

static double sum_idf(uint64_t docs, const ps_plan_leaf *leaf)
{
    double sum = 0;
    for (uint32_t k = 0; k < leaf->n; k++)
        sum += ps_idf(docs, leaf->terms[k]->df);
    return sum;
}

static double rarest_idf(uint64_t docs, const ps_plan_leaf *leaf)
{
    double most = 0;
    for (uint32_t k = 0; k < leaf->n; k++) {
        double idf = ps_idf(docs, leaf->terms[k]->df);
        most = idf > most ? idf : most;
    }
    return most;
}

/* Is alternative i, of one word, there before, at another distance? */
static bool is_repeated(const ps_plan_slot *slot, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (slot->alts[k].leaf.n == 1 &&
            slot->alts[k].leaf.terms[0] == slot->alts[i].leaf.terms[0])
            return true;
    return false;
}

/*
 * A phrase weighs what its words weigh together. Where there are alternatives
 * they are one word, in as many documents as hold any: single words count with
 * the sum of their documents, a phrase with those of its rarest word, and the
 * lightest alternative counts.
 */
static double slot_idf(uint64_t docs, const ps_plan_slot *slot)
{
    double least = -1.0;
    uint64_t single = 0;
    for (uint32_t i = 0; i < slot->n; i++) {
        const ps_plan_leaf *leaf = &slot->alts[i].leaf;
        if (leaf->n == 1) {
            single += is_repeated(slot, i) ? 0 : leaf->terms[0]->df;
            continue;
        }
        double idf = slot->n > 1 ? rarest_idf(docs, leaf) : sum_idf(docs, leaf);
        if (least < 0 || idf < least)
            least = idf;
    }
    if (single > 0) {
        double idf = ps_idf(docs, single < docs ? single : docs);
        if (least < 0 || idf < least)
            least = idf;
    }
    return least < 0 ? 0.0 : least;
}

/* ---- all ---------------------------------------------------------------- */

/* Makes a leaf of one word that is written in one way, as most are; *done is
   not set for others. */
static int make_word(ps_plan_node *out, filler *f, double *idf, bool *done)
{
    const ps_leaf_words *from = f->from;
    char bytes[PS_SIMPLE_MAX];
    ps_known_form known;
    ps_plan_leaf *leaf = &out->leaf;
    *done = false;
    if (from->exact || from->synonyms || !ps_word_is_simple(from->text, bytes))
        return PARASOL_OK;
    pc_str form = {bytes, from->text.len};
    int rc = index_form(f, form, &known);
    if (rc || !ps_word_is_alone(form, &known))
        return rc;
    *out = (ps_plan_node){.kind = PS_PLAN_LEAF};
    rc = leaf_room(f, leaf, 1);
    if (!rc) {
        pc_term term = {form, known.stem};
        rc = ps_terms_get(f->terms, &term, PC_TOKEN_WORD, false, from->field,
                          &leaf->terms[0]);
    }
    if (rc)
        return rc;
    leaf->n = 1;
    *done = leaf->terms[0]->df > 0;
    *idf = ps_idf(f->terms->snap->docs, leaf->terms[0]->df);
    return PARASOL_OK;
}

/* Makes slots of the text, with unknown words in two if asked for. */
static int make_slots(ps_plan_node *out, filler *f, bool unknown, double *idf,
                      bool *ignored)
{
    const ps_leaf_words *from = f->from;
    const ps_lexicon lexicon = {.df = index_df,
                                .acronyms = index_acronyms,
                                .user = f,
                                .unknown = unknown,
                                .form = index_form};
    ps_words words;
    bool plain = true;
    *idf = 0;
    int rc = ps_words_make(&words, from->text, from->exact, from->analyzer,
                           &lexicon, from->synonyms, f->arena, f->err);
    if (rc)
        return rc;
    *ignored = words.n == 0;
    *out = (ps_plan_node){.kind = PS_PLAN_SPANS};
    out->leaf.field = from->field;
    out->spans.slots = pc_arena_zalloc(f->arena, words.n, sizeof(ps_plan_slot));
    if (!out->spans.slots)
        return pc_fail_nomem(f->err);
    for (uint32_t i = 0; i < words.n; i++) {
        ps_plan_slot *slot = &out->spans.slots[out->spans.n++];
        rc = fill_slot(f, &words.slots[i], slot);
        if (rc)
            return rc;
        if (slot->n == 0) {
            *out = (ps_plan_node){.kind = PS_PLAN_NONE};
            return PARASOL_OK;
        }
        plain &= slot->n == 1;
        *idf += slot_idf(f->terms->snap->docs, slot);
    }
    if (!plain)
        return PARASOL_OK;
    out->kind = PS_PLAN_LEAF;
    rc = make_leaf(f, &out->spans, &out->leaf);
    return rc ? rc : add_pairs(f, &out->leaf);
}

static uint32_t count_parts(pc_str text)
{
    pc_words words;
    pc_token tok;
    uint32_t n = 0;
    pc_words_init(&words, text.ptr, text.len);
    while (pc_words_next(&words, &tok))
        n += tok.span == 1;
    return n;
}

/* The parts of the text as a leaf; their order and what they are together do
   not matter where they may be apart. */
static int make_parts(ps_plan_node *out, filler *f, double *idf)
{
    pc_str text = f->from->text;
    pc_words words;
    pc_token tok;
    ps_plan_leaf *leaf = &out->leaf;
    bool there = true;
    *idf = 0;
    *out = (ps_plan_node){.kind = PS_PLAN_LEAF};
    int rc = leaf_room(f, leaf, count_parts(text));
    pc_words_init(&words, text.ptr, text.len);
    while (!rc && pc_words_next(&words, &tok)) {
        pc_term term;
        pc_str raw = {text.ptr + tok.start, tok.end - tok.start};
        if (tok.span != 1)
            continue;
        if (pc_analyzer_term(f->from->analyzer, raw, tok.kind, &term))
            return pc_fail_nomem(f->err);
        if (term.form.len == 0 || term.stem.len == 0)
            continue;
        rc = get_term(f, term, tok.kind, false, 0, &leaf->terms[leaf->n]);
        if (rc)
            return rc;
        there &= leaf->terms[leaf->n]->df > 0;
        *idf += ps_idf(f->terms->snap->docs, leaf->terms[leaf->n]->df);
        leaf->offsets[leaf->n] = tok.pos;
        leaf->n++;
    }
    leaf->distance = f->from->distance;
    if (!there && leaf->n > 1)
        *out = (ps_plan_node){.kind = PS_PLAN_NONE};
    return rc;
}

int ps_plan_words(ps_plan_node *out, const ps_leaf_words *words,
                  ps_terms *terms, double *idf, bool *ignored)
{
    filler f = {words, terms, terms->arena, terms->err};
    *ignored = false;
    if (words->distance > 0) {
        int rc = make_parts(out, &f, idf);
        /* A single word cannot be apart. */
        if (rc || out->kind == PS_PLAN_NONE || out->leaf.n > 1)
            return rc;
    }
    bool done;
    int rc = make_word(out, &f, idf, &done);
    if (rc || done)
        return rc;
    rc = make_slots(out, &f, false, idf, ignored);
    if (!rc && out->kind == PS_PLAN_NONE && !words->exact)
        rc = make_slots(out, &f, true, idf, ignored);
    return rc;
}
