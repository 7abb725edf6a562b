/*
 * The stream of form numbers to the sections of a segment.
 *
 * For each field: count how often each form and stem occurs, give the forms
 * of a stem their variant numbers, then scatter the stream into postings, a
 * range of stems at a time so that the space is bounded, and write them in
 * the order of the dictionary.
 */
#include <stdlib.h>

#include "common/base/fail.h"
#include "common/base/sort.h"
#include "common/codec/damp.h"
#include "common/codec/norm.h"
#include "common/segment/dict.h"
#include "indexer/invert/inverter.h"
#include "indexer/write/dict_writer.h"
#include "indexer/write/post_writer.h"

typedef struct form_stat {
    uint64_t ctf;
    uint32_t df;
    uint32_t last_doc; /* + 1; 0: none yet */
    uint16_t variant;
    bool sole; /* the stem's only form, and equal to it */
} form_stat;

/* One occurrence, after the scatter. */
typedef struct occurrence {
    uint32_t doc;
    uint32_t pos;
    uint32_t form;
} occurrence;

typedef struct flush {
    pi_inverter *v;
    const pc_mem *mem;
    form_stat *forms;     /* by form */
    uint64_t *ctf;        /* by stem */
    uint32_t *stem_order; /* stems by bytes */
    uint32_t *form_order; /* forms by bytes */
    uint32_t *stem_rank;  /* by stem: place in stem_order */
    uint64_t *starts;     /* by rank: first occurrence in the partition */
    occurrence *part;     /* the partition being scattered */
    size_t part_cap;      /* occurrences it has room for */
    uint8_t *norms;       /* of the field, by document */
    float damp[256];
    uint32_t *gaps; /* of one document */
    uint16_t *variants;
    size_t gaps_cap, variants_cap;
    pi_dict_writer dict;
    pi_post_writer post;
    uint32_t next_form; /* in form_order: not in the dictionary yet */
    uint8_t field;
} flush;

/* ---- orders ------------------------------------------------------------- */

static int compare_strings(uint32_t a, uint32_t b, void *table)
{
    return pc_str_cmp(pi_termtab_str(table, a), pi_termtab_str(table, b));
}

/* Sorts by the first eight bytes, then the runs that have them in common. */
static int sort_strings(pi_termtab *t, pc_sort_item *keys, uint32_t *order,
                        const pc_mem *mem)
{
    for (uint32_t i = 0; i < t->n; i++)
        keys[i] = (pc_sort_item){pc_key_prefix(pi_termtab_str(t, i)), i};
    int rc = pc_sort_keys(keys, t->n, mem);
    for (uint32_t i = 0; i < t->n; i++)
        order[i] = keys[i].value;
    for (uint32_t i = 0, n = 1; !rc && i < t->n; i += n, n = 1) {
        while (i + n < t->n && keys[i + n].key == keys[i].key)
            n++;
        if (n > 1)
            rc = pc_sort_u32(order + i, n, compare_strings, t, mem);
    }
    return rc;
}

/* The numbers of a table by the bytes of their strings. */
static uint32_t *byte_order(pi_termtab *t, const pc_mem *mem)
{
    pc_sort_item *keys = pc_alloc(mem, t->n, sizeof *keys);
    uint32_t *order = pc_alloc(mem, t->n, sizeof *order);
    if (!keys || !order || sort_strings(t, keys, order, mem)) {
        pc_free(mem, order);
        order = NULL;
    }
    pc_free(mem, keys);
    return order;
}

/* ---- walking the stream ------------------------------------------------- */

/* The items of document d that belong to the field. */
static uint64_t items_end(const flush *f, size_t d)
{
    const pi_inverter *v = f->v;
    if (f->field == PC_FIELD_TITLE)
        return v->docs[d].start + v->docs[d].title_items;
    return d + 1 < v->n_docs ? v->docs[d + 1].start : v->n_tokens;
}

static void count_forms(flush *f)
{
    const pi_inverter *v = f->v;
    memset(f->ctf, 0, v->stems.n * sizeof *f->ctf);
    for (uint32_t i = 0; i < v->forms.n; i++) {
        f->forms[i].ctf = 0;
        f->forms[i].df = 0;
        f->forms[i].last_doc = 0;
    }
    for (size_t d = 0; d < v->n_docs; d++) {
        uint64_t end = items_end(f, d);
        for (uint64_t i = v->docs[d].start; i < end; i++) {
            uint32_t form = v->tokens[i];
            if (form >= PI_TOKEN_FIELD_GAP)
                continue;
            form_stat *s = &f->forms[form];
            s->ctf++;
            s->df += s->last_doc != d + 1;
            s->last_doc = (uint32_t)(d + 1);
            f->ctf[v->forms.values[form]]++;
        }
    }
}

/* Copies the occurrences of stems with ranks in [lo, hi) to their places. */
static void scatter(flush *f, uint32_t lo, uint32_t hi)
{
    const pi_inverter *v = f->v;
    for (size_t d = 0; d < v->n_docs; d++) {
        uint64_t end = items_end(f, d);
        uint32_t pos = 0;
        for (uint64_t i = v->docs[d].start; i < end; i++, pos++) {
            uint32_t form = v->tokens[i];
            if (form >= PI_TOKEN_FIELD_GAP) {
                if (form == PI_TOKEN_FIELD_GAP)
                    pos += PI_FIELD_GAP - 1;
                else if (form == PI_TOKEN_SAME)
                    pos -= 2; /* itself, and the token before */
                continue;
            }
            uint32_t rank = f->stem_rank[v->forms.values[form]];
            if (rank - lo < hi - lo)
                f->part[f->starts[rank]++] =
                    (occurrence){(uint32_t)d, pos, form};
        }
    }
}

/* ---- variants ----------------------------------------------------------- */

typedef struct variant_key {
    uint32_t stem;
    uint32_t byte_rank;
    uint32_t form;
    uint64_t ctf;
} variant_key;

static int compare_variants(const void *a, const void *b)
{
    const variant_key *x = a, *y = b;
    if (x->stem != y->stem)
        return x->stem < y->stem ? -1 : 1;
    if (x->ctf != y->ctf)
        return x->ctf > y->ctf ? -1 : 1;
    return x->byte_rank < y->byte_rank ? -1 : 1;
}

/* Numbers the forms of each stem, the most frequent first. Needs the counts
   of PC_FIELD_TEXT, which has every token. */
static int number_variants(flush *f)
{
    const pi_inverter *v = f->v;
    variant_key *keys = pc_alloc(f->mem, v->forms.n, sizeof *keys);
    if (!keys)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < v->forms.n; i++) {
        uint32_t form = f->form_order[i];
        keys[i] =
            (variant_key){v->forms.values[form], i, form, f->forms[form].ctf};
    }
    qsort(keys, v->forms.n, sizeof *keys, compare_variants);
    uint32_t number = 0;
    for (uint32_t i = 0; i < v->forms.n; i++) {
        bool first = i == 0 || keys[i].stem != keys[i - 1].stem;
        bool last = i + 1 == v->forms.n || keys[i].stem != keys[i + 1].stem;
        number = first ? 0 : number + 1;
        form_stat *s = &f->forms[keys[i].form];
        /* Forms beyond the limit share the last number. */
        s->variant = number > UINT16_MAX ? UINT16_MAX : (uint16_t)number;
        s->sole = first && last &&
                  pc_str_eq(pi_termtab_str(&v->forms, keys[i].form),
                            pi_termtab_str(&v->stems, keys[i].stem));
    }
    pc_free(f->mem, keys);
    return PARASOL_OK;
}

/* ---- dictionary --------------------------------------------------------- */

static void form_entry(const flush *f, uint32_t form, pc_entry *e)
{
    const form_stat *s = &f->forms[form];
    pc_str text = pi_termtab_str(&f->v->forms, form);
    pc_str stem = pi_termtab_str(&f->v->stems, f->v->forms.values[form]);
    size_t shared = 0;
    while (shared < text.len && shared < stem.len &&
           text.ptr[shared] == stem.ptr[shared])
        shared++;
    e->flags |= PC_ENTRY_FORM;
    if (s->sole)
        e->flags |= PC_ENTRY_SOLE;
    e->form = (pc_form_info){
        .strip = (uint32_t)(text.len - shared),
        .add = {stem.ptr + shared, stem.len - shared},
        .variant = s->variant,
        .df = s->df,
        .ctf = s->ctf,
    };
}

static void add_entry(flush *f, pc_str word, const pc_entry *e)
{
    pc_key key;
    if (pc_key_make(&key, f->field, word))
        pi_dict_writer_add(&f->dict, pc_key_str(&key), e);
}

/* Adds the forms that sort before `word` (all that are left if NULL) and are
   no terms. True when the form equal to `word` exists: *form is its number. */
static bool add_forms_before(flush *f, const pc_str *word, uint32_t *form)
{
    const pi_inverter *v = f->v;
    for (; f->next_form < v->forms.n; f->next_form++) {
        uint32_t id = f->form_order[f->next_form];
        pc_str s = pi_termtab_str(&v->forms, id);
        int cmp = word ? pc_str_cmp(s, *word) : -1;
        if (cmp > 0)
            return false;
        if (f->forms[id].ctf == 0)
            continue;
        if (cmp == 0) {
            f->next_form++;
            *form = id;
            return true;
        }
        pc_entry e = {0};
        form_entry(f, id, &e);
        add_entry(f, s, &e);
    }
    return false;
}

/* ---- postings ----------------------------------------------------------- */

/* Writes the n occurrences of one stem in one document. */
static int add_posting(flush *f, const occurrence *o, uint32_t n)
{
    if (pc_grow(f->mem, (void **)&f->gaps, &f->gaps_cap, n, sizeof *f->gaps) ||
        pc_grow(f->mem, (void **)&f->variants, &f->variants_cap, n,
                sizeof *f->variants))
        return PARASOL_NOMEM;
    uint32_t last = 0;
    for (uint32_t i = 0; i < n; i++) {
        f->gaps[i] = o[i].pos - last;
        last = o[i].pos;
        f->variants[i] = f->forms[o[i].form].variant;
    }
    pi_post_add(&f->post, o->doc, n, f->norms[o->doc], f->gaps, f->variants);
    return PARASOL_OK;
}

static int add_term(flush *f, uint32_t stem, const occurrence *o, uint64_t n)
{
    pc_str word = pi_termtab_str(&f->v->stems, stem);
    uint32_t form;
    pc_entry e = {0};
    bool is_form = add_forms_before(f, &word, &form);
    pi_post_begin(&f->post);
    for (uint64_t i = 0; i < n;) {
        uint32_t tf = 1;
        while (i + tf < n && o[i + tf].doc == o[i].doc)
            tf++;
        if (add_posting(f, o + i, tf))
            return PARASOL_NOMEM;
        i += tf;
    }
    pi_post_end(&f->post, &e);
    if (is_form)
        form_entry(f, form, &e);
    add_entry(f, word, &e);
    return PARASOL_OK;
}

/* Grows the room for one partition to hold `n` occurrences. */
static int part_room(flush *f, uint64_t n)
{
    if (n <= f->part_cap)
        return PARASOL_OK;
    occurrence *p = pc_resize(f->mem, f->part, (size_t)n, sizeof *p);
    if (!p)
        return PARASOL_NOMEM;
    f->part = p;
    f->part_cap = (size_t)n;
    return PARASOL_OK;
}

/* All terms of the field, as many at a time as `room` occurrences allow. */
static int add_terms(flush *f, uint64_t room)
{
    uint32_t n = f->v->stems.n;
    for (uint32_t lo = 0; lo < n;) {
        uint64_t sum = 0;
        uint32_t hi = lo;
        for (; hi < n; hi++) {
            uint64_t ctf = f->ctf[f->stem_order[hi]];
            if (hi > lo && sum + ctf > room)
                break;
            f->starts[hi] = sum;
            sum += ctf;
        }
        if (part_room(f, sum))
            return PARASOL_NOMEM;
        scatter(f, lo, hi);
        for (; lo < hi; lo++) {
            uint32_t stem = f->stem_order[lo];
            uint64_t ctf = f->ctf[stem];
            /* The scatter has moved each start to the end of its term. */
            if (ctf > 0 &&
                add_term(f, stem, f->part + (f->starts[lo] - ctf), ctf))
                return PARASOL_NOMEM;
        }
    }
    (void)add_forms_before(f, NULL, NULL);
    return PARASOL_OK;
}

/* ---- a field, and all --------------------------------------------------- */

static uint64_t field_length(const pi_inverter *v, uint8_t field)
{
    uint64_t total = 0;
    for (size_t d = 0; d < v->n_docs; d++)
        total += v->docs[d].lengths[field];
    return total;
}

static void start_field(flush *f, uint8_t field)
{
    const pi_inverter *v = f->v;
    f->field = field;
    f->next_form = 0;
    for (size_t d = 0; d < v->n_docs; d++)
        f->norms[d] = pc_norm_encode(v->docs[d].lengths[field]);
    pc_damp_table(f->damp, PC_DAMP_K1, PC_DAMP_B, v->n_docs,
                  field_length(v, field));
    count_forms(f);
}

static int init(flush *f, const char *dir)
{
    pi_inverter *v = f->v;
    pi_dict_writer_init(&f->dict, dir, f->mem);
    pi_post_writer_init(&f->post, dir, f->mem, f->damp);
    f->forms = pc_zalloc(f->mem, v->forms.n, sizeof *f->forms);
    f->ctf = pc_alloc(f->mem, v->stems.n, sizeof *f->ctf);
    f->stem_order = byte_order(&v->stems, f->mem);
    f->form_order = byte_order(&v->forms, f->mem);
    f->stem_rank = pc_alloc(f->mem, v->stems.n, sizeof *f->stem_rank);
    f->starts = pc_alloc(f->mem, v->stems.n, sizeof *f->starts);
    f->norms = pc_alloc(f->mem, v->n_docs, 1);
    if (!f->forms || !f->ctf || !f->stem_order || !f->form_order ||
        !f->stem_rank || !f->starts || !f->norms)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < v->stems.n; i++)
        f->stem_rank[f->stem_order[i]] = i;
    return PARASOL_OK;
}

static void release(flush *f)
{
    pi_dict_writer_release(&f->dict);
    pi_post_writer_release(&f->post);
    void *blocks[] = {f->forms,     f->ctf,     f->stem_order, f->form_order,
                      f->stem_rank, f->starts,  f->part,       f->norms,
                      f->gaps,      f->variants};
    for (size_t i = 0; i < PC_COUNTOF(blocks); i++)
        pc_free(f->mem, blocks[i]);
}

static void put_meta(const pi_inverter *v, pi_out *o)
{
    pi_out_begin(o, PC_SECTION_META);
    pi_out_put_u32(o, (uint32_t)v->n_docs);
    pi_out_put_u32(o, PC_FIELD_COUNT);
    for (uint8_t field = 0; field < PC_FIELD_COUNT; field++)
        pi_out_put_u64(o, field_length(v, field));
}

static int put_fields(flush *f, pi_out *o, size_t memory)
{
    uint64_t room = memory / sizeof(occurrence);
    pc_buf norms;
    pc_buf_init(&norms, f->mem);
    int rc = PARASOL_OK;
    for (uint8_t field = 0; !rc && field < PC_FIELD_COUNT; field++) {
        start_field(f, field);
        if (field == PC_FIELD_TEXT)
            rc = number_variants(f);
        if (field == PC_FIELD_TEXT || field_length(f->v, field) > 0)
            pc_buf_put(&norms, f->norms, f->v->n_docs);
        if (!rc)
            rc = add_terms(f, room);
    }
    if (!rc)
        rc = norms.status;
    if (!rc) {
        pi_dict_writer_finish(&f->dict, o);
        pi_post_writer_finish(&f->post, o);
        pi_out_begin(o, PC_SECTION_NORMS);
        pi_out_put(o, norms.ptr, norms.len);
    }
    pc_buf_release(&norms);
    return rc;
}

int pi_inverter_flush(pi_inverter *v, pi_out *o, const char *dir, size_t memory,
                      parasol_error *err)
{
    flush *f = pc_zalloc(v->mem, 1, sizeof *f);
    if (!f)
        return pc_fail_nomem(err);
    f->v = v;
    f->mem = v->mem;
    int rc = init(f, dir);
    if (!rc) {
        put_meta(v, o);
        rc = put_fields(f, o, memory);
    }
    release(f);
    pc_free(v->mem, f);
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
}

size_t pi_inverter_flush_memory(const pi_inverter *v)
{
    return v->forms.n * (sizeof(form_stat) + sizeof(variant_key) + 4) +
           v->stems.n * (8 + 4 + 4 + 8) +
           (v->forms.n + v->stems.n) * 2 * sizeof(pc_sort_item) + v->n_docs;
}
