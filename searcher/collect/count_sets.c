/*
 * Counting lists by bitmaps of documents, or by what two sets have in common.
 */
#include "searcher/collect/count_sets.h"

#include "common/base/ints.h"
#include "searcher/collect/docset.h"
#include "searcher/iter/timed.h"

/* ---- which way ---------------------------------------------------------- */

/* What looking up n documents in a list costs, at most, in nanoseconds. */
static uint64_t lookup_cost(const ps_cursor *c, uint32_t n)
{
    uint32_t blocks = n < c->list.blocks ? n : c->list.blocks;
    return 2 * (uint64_t)n + 50 * (uint64_t)blocks;
}

/* Of n documents, how many to expect in the list: words that are asked for
   together are found together more often than by chance. */
static uint32_t expected(const ps_cursor *c, uint32_t n)
{
    uint64_t by_chance = (uint64_t)n * c->list.df / c->list.in->docs;
    return 4 * by_chance + 16 < n ? (uint32_t)(4 * by_chance + 16) : n;
}

/* What is no list has to be asked about the few documents that are left; a
   single group of lists has nothing that thins it out. */
static bool groups_need_sets(const ps_flat *flat)
{
    for (uint32_t i = 0; i < flat->n_groups; i++)
        if (flat->groups[i].it)
            return false;
    return flat->n_must == 0 && flat->n_groups == 1;
}

bool ps_count_needs_sets(const ps_flat *flat)
{
    if (flat->n_groups > 0)
        return groups_need_sets(flat);
    if (flat->n_must == 0)
        return true;
    const ps_cursor *lead = flat->must[0];
    uint64_t words = lead->list.in->docs / 64;
    uint64_t sets = words, lookups = 0;
    uint32_t left = lead->list.df;
    for (uint32_t i = 0; i < flat->n_must; i++) {
        sets += ps_docset_cost(flat->must[i]) + words / 2;
        if (i == 0)
            continue;
        lookups += lookup_cost(flat->must[i], left);
        left = expected(flat->must[i], left);
    }
    for (uint32_t i = 0; i < flat->n_drop; i++) {
        sets += ps_docset_cost(flat->drop[i]) + words / 2;
        lookups += lookup_cost(flat->drop[i], left);
    }
    return sets < lookups;
}

/* ---- bitmaps ------------------------------------------------------------ */

/* Takes out of the set what the query excludes. */
static int exclude(ps_docset *s, const ps_flat *flat)
{
    ps_docset scratch_set, *scratch = &scratch_set;
    if (flat->n_drop + flat->n_only + flat->n_excl == 0)
        return PARASOL_OK;
    int rc = ps_docset_init(scratch, flat->ctx);
    if (rc)
        return rc;
    for (uint32_t i = 0; i < flat->n_drop; i++) {
        ps_docset_clear(scratch);
        ps_docset_add(scratch, flat->drop[i]);
        ps_docset_drop(s, scratch);
    }
    ps_docset_keep_alive(s, flat->ctx);
    for (uint32_t i = flat->ctx->alive ? 1 : 0; i < flat->n_only; i++) {
        ps_iter *x = flat->only[i];
        ps_docset_clear(scratch);
        for (; x->doc != PS_END; x->ops->seek(x, x->doc + 1)) {
            uint64_t bit = UINT64_C(1) << (x->doc % 64);
            if ((s->words[x->doc / 64] & bit) && x->ops->matches(x))
                scratch->words[x->doc / 64] |= bit;
        }
        ps_docset_keep(s, scratch);
    }
    for (uint32_t i = 0; i < flat->n_excl; i++) {
        ps_iter *x = flat->excl[i];
        for (; x->doc != PS_END; x->ops->seek(x, x->doc + 1)) {
            uint64_t bit = UINT64_C(1) << (x->doc % 64);
            uint64_t *word = &s->words[x->doc / 64];
            if ((*word & bit) && x->ops->matches(x))
                *word &= ~bit;
        }
    }
    return PARASOL_OK;
}

/* Adds the matches of `it`, which is asked only about documents that are not
   there yet. */
static void add_matches(ps_docset *s, ps_ctx *ctx, ps_iter *it)
{
    uint32_t doc = it->doc;
    while (doc != PS_END && !ps_ctx_stops(ctx, 0)) {
        uint64_t *word = &s->words[doc / 64];
        uint64_t missing = ~*word >> (doc % 64);
        if (missing & 1) {
            if (it->ops->matches(it))
                *word |= UINT64_C(1) << (doc % 64);
            missing--;
        }
        doc = it->ops->seek(it, missing ? doc + pc_ctz64(missing)
                                        : (doc / 64 + 1) * 64);
    }
}

static int add_lists(ps_docset *s, const ps_flat *flat)
{
    for (uint32_t i = 0; i < flat->n_should; i++) {
        if (ps_ctx_stops(flat->ctx, 0))
            break;
        ps_docset_add(s, flat->should[i]);
    }
    for (uint32_t i = 0; i < flat->n_any; i++)
        add_matches(s, flat->ctx, flat->any[i]);
    return flat->ctx->status;
}

static int keep_lists(ps_docset *s, const ps_flat *flat)
{
    ps_docset other;
    if (flat->n_groups > 0) {
        for (uint32_t i = 0; i < flat->groups[0].n; i++)
            ps_docset_add(s, flat->groups[0].lists[i]);
        return PARASOL_OK;
    }
    ps_docset_add(s, flat->must[0]);
    int rc = flat->n_must > 1 ? ps_docset_init(&other, flat->ctx) : PARASOL_OK;
    for (uint32_t i = 1; !rc && i < flat->n_must; i++) {
        if (i > 1)
            ps_docset_clear(&other);
        ps_docset_add(&other, flat->must[i]);
        ps_docset_keep(s, &other);
    }
    return rc;
}

/* ---- all but the longest list -------------------------------------------- */

/* The list whose df says how many it holds, and the rest, of which so few are
   left that looking them up there costs less than going through it. NULL: none
   is. */
static ps_cursor *longest(const ps_flat *flat, uint32_t *which)
{
    uint64_t others = 0;
    *which = 0;
    if (flat->n_should < 2 || flat->n_any + flat->n_drop + flat->n_excl > 0 ||
        flat->n_only > 0)
        return NULL;
    for (uint32_t i = 0; i < flat->n_should; i++) {
        others += flat->should[i]->list.df;
        if (flat->should[i]->list.df > flat->should[*which]->list.df)
            *which = i;
    }
    ps_cursor *c = flat->should[*which];
    others -= c->list.df;
    if (c->forms || others > flat->ctx->seg->docs)
        return NULL;
    return lookup_cost(c, (uint32_t)others) < ps_docset_cost(c) ? c : NULL;
}

/* Of the documents of a list, how many the longer one does not hold. */
static uint64_t count_others(ps_cursor *c, ps_cursor *longer)
{
    uint64_t n = 0;
    uint32_t docs[PC_BLOCK_ROOM];
    while (c->doc != PS_END && !ps_ctx_stops(c->ctx, 0)) {
        memcpy(docs, c->ids, c->n * sizeof *docs);
        n += c->n - ps_docs_filter(docs, c->n, longer, false);
        (void)ps_cursor_load(c, c->block + 1);
    }
    return n;
}

/* Of the documents of a set, how many the list does not hold. */
static uint64_t count_missing(const ps_docset *s, ps_cursor *c)
{
    uint32_t docs[PC_BLOCK_ROOM], n = 0;
    uint64_t sum = 0, found = 0;
    for (size_t i = 0; i < s->n && !ps_ctx_stops(c->ctx, 0); i++) {
        for (uint64_t word = s->words[i]; word; word &= word - 1) {
            docs[n++] = (uint32_t)(64 * i) + pc_ctz64(word);
            if (n < PC_BLOCK)
                continue;
            sum += n;
            found += ps_docs_filter(docs, n, c, false);
            n = 0;
        }
    }
    return sum + n - found - ps_docs_filter(docs, n, c, false);
}

/* The documents of list `which`, and those that only the others hold. */
static int count_beside(const ps_flat *flat, uint32_t which, uint64_t *out)
{
    ps_docset s;
    ps_cursor *most = flat->should[which];
    *out = most->list.df;
    if (flat->n_should == 2) {
        *out += count_others(flat->should[1 - which], most);
        return flat->ctx->status;
    }
    int rc = ps_docset_init(&s, flat->ctx);
    for (uint32_t i = 0; !rc && i < flat->n_should; i++)
        if (i != which)
            ps_docset_add(&s, flat->should[i]);
    if (!rc)
        *out += count_missing(&s, most);
    return rc ? rc : flat->ctx->status;
}

int ps_count_by_sets(const ps_flat *flat, uint64_t *out)
{
    ps_docset s;
    uint32_t which;
    if (flat->n_must + flat->n_groups == 0 && longest(flat, &which))
        return count_beside(flat, which, out);
    int rc = ps_docset_init(&s, flat->ctx);
    if (!rc)
        rc = flat->n_must + flat->n_groups > 0 ? keep_lists(&s, flat)
                                               : add_lists(&s, flat);
    if (!rc)
        rc = exclude(&s, flat);
    if (rc)
        return rc;
    *out = ps_docset_count(&s, flat->ctx);
    return flat->ctx->status;
}
