/*
 * Posting lists and positions: order, counts, bounds, the numbers of forms.
 */
#include "common/codec/damp.h"
#include "common/codec/norm.h"
#include "common/text/frequent.h"
#include "indexer/check/deep_forms.h"

#define VARIANTS ((size_t)UINT16_MAX + 1)

static const uint32_t hint_k[PC_HINTS] = {10, 100, 1000};

/* What a variant of the word at hand counts to. */
typedef struct tally {
    uint32_t df;
    uint32_t last; /* document + 1 that was counted last */
    uint64_t ctf;
} tally;

typedef struct reader {
    pi_deep *d;
    pc_dict_scan scan;
    pc_entry e;
    float damp[PC_FIELD_COUNT][256];
    /* The word at hand: */
    pc_list list;
    pc_pos_reader pos;
    uint64_t key;
    size_t forms_from, forms_to; /* in d->forms->by_stem */
    bool is_wrong;               /* told already */
    uint64_t df, ctf;
    uint16_t peak, super_peak;
    uint64_t reach[PC_HINTS]; /* postings with as large a share as the hint */
    const uint8_t *data_at;   /* where the next block has to be */
    /* The block at hand: */
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    const uint8_t *norms;
    uint64_t samples[PC_POS_UNIT / PC_POS_SAMPLE];
    /* Of a document: */
    uint32_t *positions;
    uint16_t *numbers;
    size_t positions_cap, numbers_cap;
    tally *tallies; /* VARIANTS of them; zero between words */
    uint32_t *touched;
    size_t n_touched;
    bool is_pair; /* of frequent words, which have been counted */
} reader;

static pc_str key_of(const reader *r)
{
    return (pc_str){(const char *)r->scan.block.key, r->scan.block.key_len};
}

/* One finding a word is enough. */
static void wrong(reader *r, uint32_t section, const uint8_t *at,
                  const char *what)
{
    if (!r->is_wrong)
        pi_deep_word(r->d, section, at, key_of(r), "%s", what);
    r->is_wrong = true;
    r->d->lists_are_sound = false;
}

static void wrong_list(reader *r, const char *what)
{
    const uint8_t *at = r->list.is_inline
                            ? NULL
                            : r->d->seg->lists.postings.ptr + r->e.post_off;
    wrong(r, r->list.is_inline ? PC_SECTION_TERMS : PC_SECTION_POSTINGS, at,
          what);
}

static void wrong_positions(reader *r, const char *what)
{
    wrong(r, r->list.is_inline ? PC_SECTION_TERMS : PC_SECTION_POSITIONS,
          r->list.is_inline ? NULL : r->list.pos, what);
}

/* ---- documents ---------------------------------------------------------- */

static bool grow(reader *r, uint32_t tf)
{
    const pc_mem *mem = r->d->mem;
    if (!pc_grow(mem, (void **)&r->positions, &r->positions_cap, tf,
                 sizeof *r->positions) &&
        !pc_grow(mem, (void **)&r->numbers, &r->numbers_cap, tf,
                 sizeof *r->numbers))
        return true;
    pi_check_nomem(r->d->c);
    return false;
}

static void count_variant(reader *r, uint32_t variant, uint32_t doc)
{
    tally *t = &r->tallies[variant];
    if (t->ctf == 0)
        r->touched[r->n_touched++] = variant;
    t->df += t->last != doc + 1;
    t->last = doc + 1;
    t->ctf++;
}

static void add_document(reader *r, uint32_t doc, uint32_t tf)
{
    uint64_t words = 0, variants = 0;
    for (uint32_t k = 0; k < tf; k++) {
        if (k > 0 && r->positions[k] <= r->positions[k - 1]) {
            wrong_positions(r, "its positions in a document do not ascend");
            return;
        }
        uint64_t h = pi_deep_occurrence(r->key, r->positions[k]);
        words += h;
        variants += pi_deep_variant(h, r->numbers[k]);
        count_variant(r, r->numbers[k], doc);
    }
    r->d->words[doc] += words;
    r->d->variants[doc] += variants;
    if (!r->is_pair)
        r->d->tokens[r->list.field][doc] += tf;
    r->ctf += tf;
}

static void read_document(reader *r, uint32_t b, uint32_t i)
{
    if (pc_pos_reader_seek(&r->pos, b, i, r->ids, r->tfs, NULL)) {
        wrong_positions(r, "its positions do not lie where they should");
        return;
    }
    if (!r->list.is_inline && i % PC_POS_SAMPLE == 0)
        r->samples[i / PC_POS_SAMPLE] = r->pos.bit;
    if (!grow(r, r->tfs[i]))
        return;
    if (pc_pos_reader_get(&r->pos, r->positions, NULL)) {
        wrong_positions(r, "positions in a document are no code of any");
        return;
    }
    pc_pos_reader_variants(&r->pos, r->ids, r->tfs, r->numbers);
    add_document(r, r->ids[i], r->tfs[i]);
}

/* ---- bounds ------------------------------------------------------------- */

static void check_bounds(reader *r, uint32_t b, uint32_t n)
{
    const pc_list *l = &r->list;
    const float *damp = r->damp[l->field];
    float best = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t norm = r->norms ? r->norms[r->ids[i]] : 255;
        float share = pc_share(r->tfs[i], damp[norm]);
        uint16_t down = pc_peak_down(share);
        best = share > best ? share : best;
        for (unsigned h = 0; h < PC_HINTS; h++)
            r->reach[h] += down >= l->hints[h];
    }
    uint16_t peak = pc_peak_up(best);
    if (l->peaks && pc_load16le(l->peaks + 2 * (size_t)b) < peak)
        wrong_list(r, "the bound of a block is below a score in it");
    r->super_peak = b % PC_SUPER && r->super_peak > peak ? r->super_peak : peak;
    r->peak = r->peak > peak ? r->peak : peak;
    bool last = b + 1 == l->blocks || (b + 1) % PC_SUPER == 0;
    if (l->supers && last &&
        pc_load16le(l->super_peaks + 2 * (size_t)(b / PC_SUPER)) <
            r->super_peak)
        wrong_list(r, "the bound of a superblock is below a score in it");
}

/* ---- blocks ------------------------------------------------------------- */

/* Data and arrays of a long or small list. */
static void check_layout(reader *r, uint32_t b, const pc_block *k)
{
    const pc_list *l = &r->list;
    size_t ids = pc_docblock_id_bytes(k->n, k->widths.doc_bits, k->range);
    if (k->ids != r->data_at)
        wrong_list(r, "a block does not follow the one before");
    r->data_at = k->ids + ids + pc_run_bytes(k->n, k->widths.tf_bits);
    if (!l->supers)
        return;
    size_t s = b / PC_SUPER;
    bool last = b + 1 == l->blocks || (b + 1) % PC_SUPER == 0;
    if (last && pc_load32le(l->super_last + 4 * s) != pc_list_last(l, b))
        wrong_list(r, "a superblock does not end with its last document");
    if (b % PC_SUPER == 0 && (pc_load16le(l->data_off + 2 * (size_t)b) != 0 ||
                              pc_list_pos_off(l, b) != 0))
        wrong_list(r, "a superblock does not begin with its first block");
    if (b == 0 && pc_load64le(l->super_pos) != 0)
        wrong_positions(r, "its positions do not begin where they should");
}

/* The codes of a unit that has been read whole. */
static void check_unit(reader *r, uint32_t n)
{
    const pc_posblock *u = &r->pos.unit;
    uint64_t end = (r->pos.end + 7) / 8;
    unsigned over = (unsigned)(end * 8 - r->pos.end);
    if (r->list.is_inline || r->is_wrong)
        return;
    if ((u->variants == 0 && end * 8 != u->bits) ||
        (over && u->codes[end - 1] >> (8 - over)))
        wrong_positions(r, "there are bits behind the positions of a block");
    for (uint32_t i = 1; u->samples && i * PC_POS_SAMPLE < n; i++) {
        if (pc_load16le(u->samples + 2 * (size_t)(i - 1)) != r->samples[i])
            wrong_positions(r, "a sample of its positions is wrong");
    }
}

static void read_block(reader *r, uint32_t b)
{
    const pc_list *l = &r->list;
    uint32_t n = pc_list_block_len(l, b);
    pc_block k;
    if (pc_list_ids(l, b, r->ids, NULL) || pc_list_freqs(l, b, r->tfs, NULL)) {
        wrong_list(r, "a block of documents cannot be read");
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        if (r->ids[i] <= r->ids[i - 1]) {
            wrong_list(r, "its documents do not ascend");
            return;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (pc_seg_language_of(&r->d->seg->languages, r->ids[i]) !=
            r->e.field / PC_FIELD_COUNT)
            wrong_list(r, "it has a document of another language");
    }
    if (!l->is_inline && pc_list_block(l, b, &k, NULL) == PARASOL_OK)
        check_layout(r, b, &k);
    check_bounds(r, b, n);
    for (uint32_t i = 0; i < n && !r->is_wrong && !r->d->c->stopped; i++)
        read_document(r, b, i);
    check_unit(r, n);
    r->df += n;
}

/* ---- forms -------------------------------------------------------------- */

/* Forms are numbered by falling frequency, equal ones by their bytes. */
static void check_numbers(reader *r)
{
    const pi_deep_forms *f = r->d->forms;
    for (size_t i = r->forms_from + 1; i < r->forms_to; i++) {
        const pi_deep_form *a = pi_deep_forms_at(f, i - 1);
        const pi_deep_form *b = pi_deep_forms_at(f, i);
        if (b->variant == PI_LAST_VARIANT)
            return;
        if (a->variant == b->variant)
            wrong(r, PC_SECTION_TERMS, NULL, "two forms of it share a number");
        else if (r->list.field == PC_FIELD_TEXT &&
                 (a->ctf < b->ctf || (a->ctf == b->ctf && a->entry > b->entry)))
            wrong(r, PC_SECTION_TERMS, NULL,
                  "its forms are not numbered by how frequent they are");
    }
}

/* What the dictionary says of each form against the positions. */
static void check_forms(reader *r)
{
    pi_deep_forms *f = r->d->forms;
    bool sole = (r->e.flags & PC_ENTRY_SOLE) != 0;
    if (r->forms_from < r->forms_to)
        f->used[r->forms_from] = true;
    if (sole != (r->forms_from == r->forms_to))
        wrong(r, PC_SECTION_TERMS, NULL,
              sole ? "it is said to have one form, and has more"
                   : "none of its forms is in the dictionary");
    if (sole && (r->n_touched != 1 || r->touched[0] != 0))
        wrong_positions(r, "occurrences have the number of no form");
    for (size_t i = r->forms_from; i < r->forms_to; i++) {
        const pi_deep_form *form = pi_deep_forms_at(f, i);
        const tally *t = &r->tallies[form->variant];
        if (form->variant != PI_LAST_VARIANT &&
            (t->df != form->df || t->ctf != form->ctf))
            wrong(r, PC_SECTION_TERMS, NULL,
                  "the counts of a form are not those of its occurrences");
    }
    check_numbers(r);
}

static void forget_tallies(reader *r)
{
    for (size_t i = 0; i < r->n_touched; i++)
        r->tallies[r->touched[i]] = (tally){0};
    r->n_touched = 0;
}

/* ---- a word ------------------------------------------------------------- */

static void check_whole(reader *r)
{
    const pc_list *l = &r->list;
    if (r->df != l->df || r->ctf != l->ctf)
        wrong_list(r, "it has another number of occurrences than is said");
    if (l->peak < r->peak)
        wrong_list(r, "the bound of the list is below a score in it");
    for (unsigned h = 0; h < PC_HINTS; h++) {
        if (l->hints[h] && r->reach[h] < hint_k[h])
            wrong_list(r, "a share that many documents are said to reach is "
                          "reached by fewer");
    }
    if (!l->is_inline && r->data_at != l->data_end)
        wrong_list(r, "its blocks do not fill the list");
}

static void check_word(reader *r)
{
    pi_deep *d = r->d;
    pc_list *l = &r->list;
    r->is_wrong = false;
    r->df = r->ctf = 0;
    r->peak = r->super_peak = 0;
    memset(r->reach, 0, sizeof r->reach);
    r->key = pi_deep_key(key_of(r));
    pc_str word = key_of(r);
    r->is_pair = pc_is_pair((pc_str){word.ptr + 1, word.len - 1});
    if (pc_list_open(l, &d->seg->lists, &r->e, NULL)) {
        l->is_inline = (r->e.flags & PC_ENTRY_INLINE) != 0;
        wrong_list(r, "its posting list lies outside of the segment");
        return;
    }
    pi_deep_forms_find(d->forms, r->key, &r->forms_from, &r->forms_to);
    r->norms = d->seg->lists.norms[l->field];
    r->data_at = l->data;
    pc_pos_reader_init(&r->pos, l);
    for (uint32_t b = 0; b < l->blocks && !r->is_wrong && !d->c->stopped; b++)
        read_block(r, b);
    if (!r->is_wrong && !d->c->stopped) {
        check_whole(r);
        check_forms(r);
    }
    forget_tallies(r);
    pi_check_progress(d->c, r->e.post_len + r->e.pos_len);
}

/* Forms whose stems have no list. */
static void check_unused(pi_deep *d)
{
    const pi_deep_forms *f = d->forms;
    uint64_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += !f->used[i] &&
             (i == 0 || f->by_stem[i].key != f->by_stem[i - 1].key);
    if (n > 0)
        pi_damage(d->c, pi_deep_place(d, PC_SECTION_TERMS, NULL),
                  "searches for exact words",
                  "%llu stems that forms name have no posting list",
                  (unsigned long long)n);
}

static void run(reader *r)
{
    pi_deep *d = r->d;
    bool sound = d->lists_are_sound;
    int rc = PARASOL_OK;
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++)
        pc_damp_table(r->damp[f], PC_DAMP_K1, PC_DAMP_B, d->docs,
                      d->seg->lengths[f]);
    pc_dict_scan_init(&r->scan, &d->seg->dict);
    while (!d->c->stopped &&
           (rc = pc_dict_scan_next(&r->scan, &r->e, NULL)) == PARASOL_OK) {
        if (r->e.flags & PC_ENTRY_TERM)
            check_word(r);
    }
    if (sound && !d->c->stopped)
        check_unused(d);
}

void pi_deep_lists(pi_deep *d)
{
    reader *r = pc_zalloc(d->mem, 1, sizeof *r);
    if (r) {
        r->d = d;
        r->tallies = pc_zalloc(d->mem, VARIANTS, sizeof *r->tallies);
        r->touched = pc_alloc(d->mem, VARIANTS, sizeof *r->touched);
        /* Norms are read without a look at their pages. */
        if (r->tallies && r->touched)
            run(r);
    }
    if (!r || !r->tallies || !r->touched)
        pi_check_nomem(d->c);
    if (r) {
        pc_free(d->mem, r->tallies);
        pc_free(d->mem, r->touched);
        pc_free(d->mem, r->positions);
        pc_free(d->mem, r->numbers);
    }
    pc_free(d->mem, r);
}
