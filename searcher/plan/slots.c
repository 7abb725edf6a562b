/*
 * Slots of words to slots of terms.
 */
#include "searcher/plan/slots.h"

#include "common/base/fail.h"
#include "searcher/score/bm25.h"

typedef struct filler {
    const ps_term_source *source;
    pc_arena *arena;
    parasol_error *err;
    bool exact;
} filler;

/* ---- what the index has ------------------------------------------------- */

typedef struct index_words {
    const ps_snapshot *snap;
    parasol_error *err;
} index_words;

static int index_df(void *user, pc_str word, bool form, uint64_t *df)
{
    const index_words *f = user;
    pc_key key;
    *df = 0;
    if (!pc_key_make(&key, PC_FIELD_TEXT, word))
        return PARASOL_OK;
    for (uint32_t i = 0; i < f->snap->n_segs; i++) {
        pc_entry e;
        bool found = false;
        int rc = pc_dict_find(&f->snap->segs[i]->dict, pc_key_str(&key), &found,
                              &e, f->err);
        if (rc)
            return rc;
        if (!found)
            continue;
        if (form && (e.flags & PC_ENTRY_FORM))
            *df += e.form.df;
        else if (!form && (e.flags & PC_ENTRY_TERM))
            *df += e.df;
    }
    return PARASOL_OK;
}

/* ---- filling ------------------------------------------------------------ */

/* Looks the terms up; *there is set unless one is in no document. */
static int fill_alt(filler *f, const ps_word_alt *from, ps_plan_alt *to,
                    bool *there)
{
    ps_plan_leaf *leaf = &to->leaf;
    to->len = from->len;
    to->why = from->why;
    *there = true;
    leaf->terms = pc_arena_zalloc(f->arena, from->n, sizeof *leaf->terms);
    leaf->offsets = pc_arena_zalloc(f->arena, from->n, sizeof *leaf->offsets);
    if (!leaf->terms || !leaf->offsets)
        return pc_fail_nomem(f->err);
    for (uint32_t i = 0; i < from->n; i++) {
        pc_term term = {from->terms[i].form, from->terms[i].stem};
        /* An acronym that would be an everyday word (US), unless the index
           has it in small letters only. */
        bool capital = (uint8_t)(term.form.ptr[0] - 'A') < 26;
        int rc = f->source->get(f->source->user, &term, f->exact || capital,
                                &leaf->terms[i]);
        if (!rc && capital && !f->exact && leaf->terms[i]->df == 0)
            rc = f->source->get(f->source->user, &term, false, &leaf->terms[i]);
        if (rc)
            return rc;
        leaf->offsets[leaf->n++] = from->terms[i].offset;
        *there &= leaf->terms[i]->df > 0;
    }
    return PARASOL_OK;
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
    leaf->terms = pc_arena_zalloc(f->arena, n, sizeof *leaf->terms);
    leaf->offsets = pc_arena_zalloc(f->arena, n, sizeof *leaf->offsets);
    if (!leaf->terms || !leaf->offsets)
        return pc_fail_nomem(f->err);
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
            single += leaf->terms[0]->df;
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

/* What one call is about. */
typedef struct request {
    pc_str text;
    const ps_snapshot *snap;
    pc_analyzer *analyzer;
    const ps_synonyms *synonyms;
} request;

/* Makes slots of the text, with unknown words in two if asked for. */
static int make_slots(ps_plan_node *out, filler *f, const request *r,
                      bool unknown, double *idf, bool *ignored)
{
    index_words index = {r->snap, f->err};
    const ps_lexicon lexicon = {index_df, &index, unknown};
    ps_words words;
    bool plain = true;
    *idf = 0;
    int rc = ps_words_make(&words, r->text, f->exact, r->analyzer, &lexicon,
                           r->synonyms, f->arena, f->err);
    if (rc)
        return rc;
    *ignored = words.n == 0;
    *out = (ps_plan_node){.kind = PS_PLAN_SPANS};
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
        *idf += slot_idf(r->snap->docs, slot);
    }
    if (!plain)
        return PARASOL_OK;
    out->kind = PS_PLAN_LEAF;
    return make_leaf(f, &out->spans, &out->leaf);
}

int ps_plan_words(ps_plan_node *out, pc_str text, bool exact,
                  const ps_snapshot *snap, pc_analyzer *analyzer,
                  const ps_synonyms *synonyms, const ps_term_source *source,
                  pc_arena *arena, double *idf, bool *ignored,
                  parasol_error *err)
{
    filler f = {source, arena, err, exact};
    const request r = {text, snap, analyzer, synonyms};
    int rc = make_slots(out, &f, &r, false, idf, ignored);
    if (!rc && out->kind == PS_PLAN_NONE && !exact)
        rc = make_slots(out, &f, &r, true, idf, ignored);
    return rc;
}
