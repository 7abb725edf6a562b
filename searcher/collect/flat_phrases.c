/*
 * Conjunction with phrases: what all lists have in common first, positions
 * last.
 *
 * The rarest list of all leads, block by block. The others thin its documents
 * out; of the lists of a phrase the places are kept, so that nothing has to be
 * looked up again when the positions are read.
 */
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "searcher/collect/flat.h"
#include "searcher/collect/meet.h"
#include "searcher/iter/timed.h"

/* A clause: a term, or a phrase with the lists that thin out. */
typedef struct clause {
    ps_phrase *phrase;            /* NULL for a term */
    ps_cursor **lists;            /* in ascending order of df */
    ps_place (*places)[PC_BLOCK]; /* of a phrase, by list and place in the
                                     leader's block */
    pc_pos_spot **spots; /* of a phrase, by list and place in the batch; NULL:
                            it is asked document by document */
    uint32_t n;
    uint32_t bound; /* in the leader's block */
} clause;

typedef struct phrase_run {
    ps_flat *q;
    ps_topk *top;    /* NULL: nothing is scored */
    uint64_t *total; /* NULL: what cannot enter is passed over */
    clause *clauses; /* the leader's is the first, and its list in there */
    uint32_t n;
    ps_batch batch;
    uint32_t docs[PC_BLOCK_ROOM];
    uint32_t scores[PC_BLOCK_ROOM];
    uint32_t tags[PC_BLOCK_ROOM]; /* places of the batch in the block; while
                                     candidates are dropped, known only where
                                     nothing is hoped for */
    uint32_t later; /* what optional clauses that are no lists can still add in
                       the leader's block */
    bool hoped; /* there is something to prune with: scores have what phrases
                   score at best */
} phrase_run;

static uint32_t needed(const phrase_run *r)
{
    return r->total || !r->top ? 0 : r->top->need;
}

/* A phrase's score for the frequency of its rarest term bounds it, but for the
   rounding that ps_score_bound allows for. */
static uint32_t allowance(const phrase_run *r)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        const ps_phrase *p = r->clauses[i].phrase;
        if (p)
            sum += ((uint32_t)p->weight >> 20) + 2;
    }
    return sum;
}

/* ---- bounds ------------------------------------------------------------- */

/* The bound of everything in [from, to]; 0 if a clause has nothing. */
static uint32_t range_bound(phrase_run *r, uint32_t from, uint32_t to)
{
    uint32_t total = allowance(r);
    for (uint32_t i = 0; i < r->n; i++) {
        clause *c = &r->clauses[i];
        c->bound = c->phrase ? ps_phrase_bound(c->phrase, from, to)
                             : ps_cursor_bound(c->lists[0], from, to);
        if (c->bound == 0)
            return 0;
        total = pc_add_capped(total, c->bound);
    }
    for (uint32_t i = 0; i < r->q->n_should; i++)
        total =
            pc_add_capped(total, ps_cursor_bound(r->q->should[i], from, to));
    r->later = 0;
    for (uint32_t i = 0; i < r->q->n_any; i++) {
        ps_iter *it = r->q->any[i];
        uint32_t first = from < it->doc ? it->doc : from;
        if (first <= to)
            r->later = pc_add_capped(r->later, it->ops->bound(it, first, to));
    }
    return pc_add_capped(total, r->later);
}

/* ---- candidates --------------------------------------------------------- */

/* The tags of candidates [at, at + n). */
static void match_tags(phrase_run *r, uint32_t at, uint32_t n)
{
    uint32_t sel[PC_BLOCK_ROOM];
    const ps_cursor *lead = r->clauses[0].lists[0];
    (void)lead->ctx->kernels->match(sel, r->tags + at, r->docs + at, n,
                                    lead->ids);
}

/* The same, but where nothing is hoped for they are kept along. */
static void find_tags(phrase_run *r, uint32_t at, uint32_t n)
{
    if (r->hoped)
        match_tags(r, at, n);
}

/* Keeps those of candidates [at, at + n) that block `blk` of a phrase's list
   has, and their places; the tags of the first are at `tag`. Returns how
   many. */
static uint32_t keep_block(phrase_run *r, clause *c, uint32_t list,
                           uint32_t blk, uint32_t at, uint32_t n, uint32_t tag)
{
    ps_cursor *cursor = c->lists[list];
    uint32_t *docs = r->docs + at, *scores = r->scores + at;
    uint32_t *tags = r->tags + at, tfs[PC_BLOCK_ROOM];
    ps_meeting m;
    if (!ps_meet(&m, cursor, blk, docs, n) ||
        !ps_meet_freqs(&m, cursor, blk, tfs))
        return 0;
    for (uint32_t i = 0; i < m.n; i++) {
        docs[i] = docs[m.sel[i]];
        scores[i] = scores[m.sel[i]];
        tags[i] = r->tags[tag + m.sel[i]];
    }
    find_tags(r, at, m.n);
    for (uint32_t i = 0; i < m.n; i++)
        c->places[list][tags[i]] = (ps_place){blk, m.at[i], tfs[i]};
    return m.n;
}

/* Thins the batch out by a list of a phrase. Without its clause, a candidate
   needs `least` already. */
static void probe_list(phrase_run *r, clause *c, uint32_t list, uint32_t least)
{
    ps_cursor *cursor = c->lists[list];
    const ps_kernels *kernels = cursor->ctx->kernels;
    ps_batch *b = &r->batch;
    uint32_t kept = 0, here, blk;
    for (uint32_t i = 0; i < b->n && cursor->doc != PS_END; i += here) {
        here = ps_meet_next(cursor, b->docs + i, b->n - i, &blk);
        if (here == 0)
            break;
        uint32_t best = least ? ps_cursor_block_bound(cursor, blk) : 0;
        uint32_t n =
            ps_batch_move(b, kernels, kept, i, here, ps_least(least, best));
        if (n > 0)
            kept += keep_block(r, c, list, blk, kept, n, i);
    }
    b->n = kept;
}

/* The places in the leader's block, of those that are left. */
static void keep_first(phrase_run *r, clause *c)
{
    const ps_cursor *lead = c->lists[0];
    find_tags(r, 0, r->batch.n);
    for (uint32_t i = 0; i < r->batch.n; i++) {
        uint32_t tag = r->tags[i];
        c->places[0][tag] = (ps_place){lead->block, tag, lead->tfs[tag]};
    }
}

/* The lowest frequency of a phrase's terms in the leader's document `tag`. */
static uint32_t lowest_tf(const clause *c, uint32_t tag)
{
    uint32_t tf = c->places[0][tag].tf;
    for (uint32_t i = 1; i < c->n; i++) {
        if (c->places[i][tag].tf < tf)
            tf = c->places[i][tag].tf;
    }
    return tf;
}

/* Adds what the phrase would score with the frequency of its rarest term. */
static void add_hopes(phrase_run *r, const clause *c)
{
    const ps_ctx *ctx = r->q->ctx;
    uint32_t tfs[PC_BLOCK_ROOM], more[PC_BLOCK_ROOM];
    find_tags(r, 0, r->batch.n);
    for (uint32_t i = 0; i < r->batch.n; i++)
        tfs[i] = lowest_tf(c, r->tags[i]);
    ctx->kernels->score(more, r->docs, tfs, r->batch.n, ctx->norms, ctx->damp,
                        c->phrase->weight);
    for (uint32_t i = 0; i < r->batch.n; i++)
        r->scores[i] += more[i];
}

/* Takes in a clause; `rest` bounds all that come after it. */
static void thin_out(phrase_run *r, clause *c, uint32_t rest)
{
    uint32_t need = needed(r), least = ps_least(need, rest);
    uint32_t first = c == r->clauses ? 1 : 0;
    if (!c->phrase && first == 0 && !r->top)
        r->batch.n = ps_docs_filter(r->docs, r->batch.n, c->lists[0], false);
    else if (!c->phrase && first == 0)
        ps_batch_probe(&r->batch, c->lists[0], true, least);
    if (!c->phrase && first == 0 && !r->hoped)
        match_tags(r, 0, r->batch.n);
    for (uint32_t i = first; c->phrase && i < c->n && r->batch.n > 0; i++)
        probe_list(r, c, i, least);
    if (c->phrase && first == 1)
        keep_first(r, c);
    if (c->phrase && r->hoped && r->batch.n > 0)
        add_hopes(r, c);
    if (need > 0)
        ps_batch_prune(&r->batch, r->q->ctx->kernels, rest, need);
}

/* ---- matches ------------------------------------------------------------ */

static uint32_t phrase_freq(phrase_run *r, const clause *c, uint32_t i)
{
    ps_phrase *p = c->phrase;
    if (c->spots)
        return ps_phrase_freq_at(p, r->docs[i], c->spots, i);
    for (uint32_t j = 0; j < c->n; j++)
        p->places[j] = c->places[j][r->tags[i]];
    return ps_phrase_freq(p, r->docs[i]);
}

/* Reads the positions of all phrases in candidate i, whose score becomes
   exact. */
static bool verify(phrase_run *r, uint32_t i)
{
    const ps_ctx *ctx = r->q->ctx;
    uint32_t tag = r->tags[i];
    for (uint32_t k = 0; k < r->n; k++) {
        clause *c = &r->clauses[k];
        if (!c->phrase)
            continue;
        uint32_t tf = phrase_freq(r, c, i);
        if (tf == 0)
            return false;
        if (!r->top)
            continue;
        float weight = c->phrase->weight,
              damp = ctx->damp[ctx->norms[r->docs[i]]];
        if (r->hoped)
            r->scores[i] -= ps_score_one(weight, lowest_tf(c, tag), damp);
        r->scores[i] += ps_score_one(weight, tf, damp);
    }
    return true;
}

/* Drops what is excluded or cannot enter. */
static void drop_lost(phrase_run *r, uint32_t allowed)
{
    const ps_flat *q = r->q;
    uint32_t kept = 0, need = needed(r);
    if (!r->hoped && q->n_drop + q->n_only + q->n_excl == 0)
        return;
    for (uint32_t i = 0; i < r->batch.n; i++) {
        uint32_t doc = r->docs[i], score = r->scores[i];
        if ((r->hoped && pc_add_capped(score, allowed) < need) ||
            ps_flat_excludes(r->q, doc))
            continue;
        r->docs[kept] = doc;
        r->tags[kept] = r->tags[i];
        r->scores[kept++] = score;
    }
    r->batch.n = kept;
}

/* Finds the positions of all candidates, of the phrases that can do so. */
static bool locate(phrase_run *r)
{
    for (uint32_t k = 0; k < r->n; k++) {
        const clause *c = &r->clauses[k];
        for (uint32_t j = 0; c->spots && j < c->n; j++)
            if (!ps_phrase_locate(c->phrase, j, c->places[j], r->tags,
                                  r->batch.n, c->spots[j]))
                return false;
    }
    return true;
}

/* What optional clauses that are no lists add to candidate i. */
static uint32_t ask_others(const phrase_run *r, uint32_t i)
{
    uint32_t sum = 0, doc = r->docs[i];
    for (uint32_t k = 0; k < r->q->n_any; k++) {
        ps_iter *it = r->q->any[k];
        uint32_t at = it->doc < doc ? it->ops->seek(it, doc) : it->doc;
        if (at == doc && it->ops->matches(it))
            sum += it->ops->score(it);
    }
    return sum;
}

/* `allowed` is what a candidate may still get. */
static void finish(phrase_run *r, uint32_t allowed)
{
    drop_lost(r, allowed);
    find_tags(r, 0, r->batch.n);
    if (!locate(r))
        return;
    for (uint32_t i = 0; i < r->batch.n; i++) {
        if (r->hoped && pc_add_capped(r->scores[i], allowed) < needed(r))
            continue;
        if (!verify(r, i))
            continue;
        if (r->total)
            ++*r->total;
        if (r->top)
            ps_topk_offer(r->top, r->docs[i], r->scores[i] + ask_others(r, i));
    }
}

/* ---- the leader --------------------------------------------------------- */

/* Starts with those of the leader's block that can still enter. */
static bool take_block(phrase_run *r, uint32_t block, uint32_t rest)
{
    clause *c = &r->clauses[0];
    ps_cursor *lead = c->lists[0];
    ps_batch *b = &r->batch;
    uint32_t need = needed(r);
    bool scored = r->hoped || (r->top && !c->phrase);
    if ((lead->block != block && !ps_cursor_load(lead, block)) ||
        lead->block != block || !ps_cursor_tfs(lead) ||
        (scored && !ps_cursor_scores(lead)))
        return false;
    *b = (ps_batch){r->docs, r->scores, lead->n};
    memcpy(r->docs, lead->ids, lead->n * sizeof *r->docs);
    if (scored)
        memcpy(r->scores, lead->scores, lead->n * sizeof *r->scores);
    if (need > 0)
        ps_batch_prune(b, lead->ctx->kernels, rest, need);
    for (uint32_t i = 0; !r->hoped && i < b->n; i++)
        r->tags[i] = i;
    if (c->phrase)
        memset(r->scores, 0, b->n * sizeof *r->scores);
    return true;
}

/* The leader's block, which is in [from, to]. */
static void run_block(phrase_run *r, uint32_t block, uint32_t from, uint32_t to)
{
    uint32_t rest = UINT32_MAX, allowed = allowance(r);
    r->hoped = needed(r) > 0;
    if (r->hoped) {
        rest = range_bound(r, from, to);
        if (rest == 0 || rest < needed(r))
            return;
        rest -= r->clauses[0].bound;
    }
    if (!take_block(r, block, rest))
        return;
    for (uint32_t i = 0; i < r->n && r->batch.n > 0; i++) {
        if (i > 0 && r->hoped)
            rest -= r->clauses[i].bound;
        thin_out(r, &r->clauses[i], rest);
    }
    for (uint32_t i = 0; r->top && i < r->q->n_should && r->batch.n > 0; i++) {
        uint32_t least = 0;
        if (r->hoped) {
            rest -= ps_cursor_bound(r->q->should[i], from, to);
            least = ps_least(needed(r), rest);
        }
        ps_batch_probe(&r->batch, r->q->should[i], false, least);
    }
    finish(r, pc_add_capped(allowed, r->later));
}

/* ---- setting up --------------------------------------------------------- */

/* Lists that have most documents do not thin anything out. They wait until the
   positions of the others, two at least, agree. */
static uint32_t early_lists(const ps_phrase *p)
{
    uint32_t n = p->n_cursors, docs = p->ctx->seg->docs;
    while (n > 2 && p->cursors[n - 1]->list.df > docs / 2)
        n--;
    return n;
}

static bool make_spots(clause *c, pc_arena *a)
{
    c->spots = pc_arena_alloc(a, c->n * sizeof *c->spots);
    if (!c->spots)
        return false;
    for (uint32_t i = 0; i < c->n; i++) {
        c->spots[i] = pc_arena_alloc(a, PC_BLOCK * sizeof **c->spots);
        if (!c->spots[i])
            return false;
    }
    return true;
}

static int init(phrase_run *r)
{
    ps_flat *q = r->q;
    pc_arena *a = q->ctx->arena;
    r->n = q->n_phrases + q->n_must;
    r->clauses = pc_arena_zalloc(a, r->n, sizeof *r->clauses);
    if (!r->clauses)
        return pc_fail_nomem(q->ctx->err);
    for (uint32_t i = 0; i < r->n; i++) {
        clause *c = &r->clauses[i];
        if (i >= q->n_phrases) {
            *c = (clause){.lists = &q->must[i - q->n_phrases], .n = 1};
            continue;
        }
        ps_phrase *p = q->phrases[i];
        p->early = early_lists(p);
        *c = (clause){.phrase = p, .lists = p->cursors, .n = p->early};
        c->places = pc_arena_alloc(a, c->n * sizeof *c->places);
        if (!c->places || (ps_phrase_has_spots(p) && !make_spots(c, a)))
            return pc_fail_nomem(q->ctx->err);
    }
    return PARASOL_OK;
}

/* By the rarest list of each. */
static void sort_clauses(clause *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        clause x = v[i];
        uint32_t j = i;
        for (; j > 0 && v[j - 1].lists[0]->list.df > x.lists[0]->list.df; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

void ps_flat_phrases(ps_flat *q, ps_topk *top, uint64_t *total)
{
    phrase_run r = {.q = q, .top = top};
    r.total = total;
    int rc = init(&r);
    if (rc) {
        q->ctx->status = rc;
        return;
    }
    sort_clauses(r.clauses, r.n);
    ps_cursor *lead = r.clauses[0].lists[0];
    uint32_t from = 0;
    for (uint32_t b = 0; b < lead->list.blocks && !q->ctx->status; b++) {
        uint32_t to = pc_list_last(&lead->list, b);
        if (ps_ctx_stops(q->ctx, from))
            break;
        lead->near = b;
        run_block(&r, b, from, to);
        from = to + 1;
    }
}
