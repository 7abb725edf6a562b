/*
 * A merge from the first section to the last.
 */
#include "indexer/merge/merge.h"

#include "common/base/fail.h"
#include "common/codec/bitpack.h"
#include "common/codec/damp.h"
#include "indexer/merge/merge_forms.h"
#include "indexer/merge/merge_languages.h"
#include "indexer/merge/merge_lists.h"
#include "indexer/merge/merge_store.h"
#include "indexer/write/dict_writer.h"

#define MEMORY ((size_t)64 << 20)
#define WORDS_BETWEEN_CALLS 4096u
/* What a word takes in the dictionary, about. */
#define WORD_BYTES 16u
/* Of the whole time, as far as progress is told. */
#define WORDS_SHARE 0.8

typedef struct merge {
    const pi_merge_options *o;
    const pc_mem *mem;
    pi_docs docs;
    pi_languages languages;
    uint32_t language; /* at hand */
    pi_forms *forms;   /* by language */
    pi_lists lists;
    pi_variant_map *maps; /* by source */
    uint64_t lengths[PC_FIELD_COUNT];
    uint8_t *norms; /* field after field, by new number */
    float damp[256];
    pi_dict_writer dict;
    pi_post_writer post;
    pi_store_writer store;
    pi_column_writer columns;
    pi_id_writer ids;
    bool with_ids;
    uint64_t words_done, words_all;
    size_t memory;
    uint64_t touched; /* bytes of lists, since the sources were forgotten */
} merge;

/* ---- documents ---------------------------------------------------------- */

static int sum_lengths(merge *m, parasol_error *err)
{
    for (size_t s = 0; s < m->docs.n; s++) {
        for (unsigned i = 0; i < PC_FIELD_COUNT; i++) {
            uint64_t more = m->docs.segs[s]->lengths[i];
            if (m->docs.sources[s].live)
                continue; /* counted with the forms */
            if (more > UINT64_MAX - m->lengths[i])
                return pc_fail(err, PARASOL_CORRUPT,
                               "%s: the segment's counts are impossible",
                               pc_sealed_path(m->docs.segs[s]->file));
            m->lengths[i] += more;
        }
    }
    return PARASOL_OK;
}

static int move_norms(merge *m, parasol_error *err)
{
    m->norms = pc_zalloc(m->mem, m->docs.docs, PC_FIELD_COUNT);
    if (!m->norms)
        return pc_fail_nomem(err);
    for (size_t s = 0; s < m->docs.n; s++) {
        const pc_seg *seg = m->docs.segs[s];
        for (uint8_t field = 0; field < PC_FIELD_COUNT; field++) {
            const uint8_t *from;
            uint8_t *to = m->norms + (size_t)field * m->docs.docs;
            int rc = pc_seg_norms(seg, field, &from, err);
            if (rc)
                return rc;
            if (!from)
                continue; /* no tokens, no norms */
            for (uint32_t d = 0; d < seg->docs; d++) {
                uint32_t number = pi_docs_number(&m->docs, s, d);
                if (number != PI_DOC_DROPPED)
                    to[number] = from[d];
            }
        }
    }
    return PARASOL_OK;
}

/* ---- words -------------------------------------------------------------- */

static int say(merge *m, double done, parasol_error *err)
{
    if (m->o->progress && m->o->progress(done, m->o->user))
        return pc_fail(err, PARASOL_ARG, "stopped by the caller");
    return PARASOL_OK;
}

static int misfit(parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "the words of a dictionary do not fit together");
}

/* The term of the current word in the field, if it has postings that stay. */
static int put_term(merge *m, const pi_words *words, const pi_forms_walk *walk,
                    uint8_t field, pc_entry *e, pi_form_count *own,
                    parasol_error *err)
{
    bool any = false;
    for (size_t i = 0; i < words->n_present; i++) {
        any |= words->present[i] % PC_FIELD_COUNT == field &&
               (words->entries[words->present[i]]->flags & PC_ENTRY_TERM);
    }
    if (!any)
        return PARASOL_OK;
    if (pi_forms_maps(&m->forms[m->language], walk, words, m->maps))
        return pc_fail_nomem(err);
    pi_post_begin(&m->post);
    int rc =
        pi_lists_merge(&m->lists, words, field, m->maps,
                       m->norms + (size_t)field * m->docs.docs, &m->post, err);
    uint64_t df = 0;
    for (size_t s = 0; s < m->docs.n; s++) {
        const pc_entry *from = pi_words_entry(words, s, field);
        df += m->lists.df[s];
        if (from && (from->flags & PC_ENTRY_FORM)) {
            own->df += m->lists.df[s];
            own->ctf += m->lists.ctf[s];
        }
    }
    if (!rc && df > 0)
        pi_post_end(&m->post, e);
    return rc;
}

/* Bytes of the lists that the word has. */
static uint64_t list_bytes(const pi_words *words)
{
    uint64_t n = 0;
    for (size_t i = 0; i < words->n_present; i++) {
        const pc_entry *e = words->entries[words->present[i]];
        n += e->post_len + e->pos_len;
    }
    return n + WORD_BYTES * words->n_present;
}

/* The keys of words are in memory of their own. */
static void touch(merge *m, uint64_t bytes)
{
    m->touched += bytes;
    if (m->touched < m->memory / PI_FORGET_SHARE)
        return;
    pi_sources_forget(m->docs.sources, m->docs.n);
    m->touched = 0;
}

static int put_word(merge *m, const pi_words *words, const pi_forms_walk *walk,
                    uint8_t field, parasol_error *err)
{
    pc_key key;
    pc_entry e = {0};
    pi_form_count own = {0, 0};
    int rc = put_term(m, words, walk, field, &e, &own, err);
    if (rc)
        return rc;
    pi_forms_entry(&m->forms[m->language], walk, words, field, &own, &e);
    /* A form that says to be its stem's only one, where the stem is not. */
    if (e.flags && pc_kind_of(e.flags) == PC_KINDS)
        return misfit(err);
    uint8_t key_field = pc_language_field(m->language, field);
    if (e.flags && pc_key_make(&key, key_field, words->word))
        pi_dict_writer_add(&m->dict, pc_key_str(&key), &e);
    touch(m, list_bytes(words));
    if (++m->words_done % WORDS_BETWEEN_CALLS == 0)
        rc = say(m, WORDS_SHARE * (double)m->words_done / (double)m->words_all,
                 err);
    return rc;
}

static int put_field(merge *m, uint8_t field, parasol_error *err)
{
    pi_words words;
    pi_forms_walk walk = {0};
    pc_damp_table(m->damp, PC_DAMP_K1, PC_DAMP_B, m->docs.docs,
                  m->lengths[field]);
    int rc =
        pi_words_init(&words, m->docs.segs, m->docs.n,
                      pc_str_of(m->languages.v[m->language].code), m->mem, err);
    while (!rc) {
        rc = pi_words_next(&words, err);
        if (!rc && !pi_forms_walk_next(&walk, &m->forms[m->language], &words))
            rc = misfit(err);
        if (!rc)
            rc = put_word(m, &words, &walk, field, err);
    }
    pi_words_release(&words);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

/* ---- sections ----------------------------------------------------------- */

static void put_norms(const merge *m, pi_out *out)
{
    pi_out_begin(out, PC_SECTION_NORMS);
    for (size_t field = 0; field < PC_FIELD_COUNT; field++) {
        if (field == PC_FIELD_TEXT || m->lengths[field] > 0)
            pi_out_put(out, m->norms + field * m->docs.docs, m->docs.docs);
    }
}

/* The external numbers, unless they are the numbers themselves. */
static int put_order(const merge *m, pi_out *out, parasol_error *err)
{
    const uint32_t *order = m->docs.order;
    uint32_t n = m->docs.docs, same = 0;
    while (order && same < n && order[same] == same)
        same++;
    if (!order || same == n)
        return PARASOL_OK;
    unsigned width = pc_bits32(n - 1);
    size_t len = pc_bitpack_bytes(n, width);
    uint8_t *packed = pc_alloc(m->mem, len + PC_PAD, 1);
    if (!packed)
        return pc_fail_nomem(err);
    pc_bitpack_put(packed, order, n, width);
    pi_out_begin(out, PC_SECTION_ORDER);
    pi_out_put(out, packed, len);
    pc_free(m->mem, packed);
    return PARASOL_OK;
}

/* Ids are written where all sources have them: an index that was made without
   stays without. */
static bool have_ids(const pi_merge_source *sources, size_t n)
{
    pc_section s;
    bool all = true;
    for (size_t i = 0; i < n; i++)
        all = all && pc_sealed_has(sources[i].seg->file, PC_SECTION_IDS, &s);
    return all;
}

static int init_forms(merge *m, parasol_error *err)
{
    int rc = pi_merged_languages(&m->languages, &m->docs, err);
    if (rc)
        return rc;
    m->forms = pc_zalloc(m->mem, m->languages.n + 1, sizeof *m->forms);
    if (!m->forms)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < m->languages.n; i++)
        m->forms[i].mem = m->mem;
    for (uint32_t i = 0; !rc && i < m->languages.n; i++)
        rc = pi_forms_init(&m->forms[i], &m->docs,
                           pc_str_of(m->languages.v[i].code), &m->lists,
                           m->lengths, err);
    return rc;
}

static void release_forms(merge *m)
{
    for (uint32_t i = 0; m->forms && i < m->languages.n; i++)
        pi_forms_release(&m->forms[i]);
    pc_free(m->mem, m->forms);
    m->forms = NULL;
}

static int init(merge *m, const pi_merge_source *sources, size_t n,
                parasol_error *err)
{
    size_t memory = m->o->memory ? m->o->memory : MEMORY;
    m->memory = memory;
    m->lists.mem = m->mem;
    pi_dict_writer_init(&m->dict, m->o->dir, memory / 64, m->mem);
    pi_post_writer_init(&m->post, m->o->dir, m->mem, m->damp);
    pi_store_writer_init(&m->store, m->o->dir, 0, m->mem);
    m->with_ids = have_ids(sources, n);
    pi_column_writer_init(&m->columns, m->with_ids, m->mem);
    pi_id_writer_init(&m->ids, m->mem);
    pi_column_writer_spill(&m->columns, m->o->dir, memory / 8, memory / 64);
    pi_id_writer_spill(&m->ids, m->o->dir, memory / 8, memory / 64);
    m->maps = pc_zalloc(m->mem, n, sizeof *m->maps);
    m->post.postings.limit = m->post.positions.limit = memory / 16;
    int rc = m->maps ? PARASOL_OK : pc_fail_nomem(err);
    if (!rc)
        rc = pi_store_writer_share(&m->store, NULL, memory / 32, err);
    if (rc)
        m->docs = (pi_docs){.mem = m->mem};
    else
        rc = pi_docs_init(&m->docs, sources, n, m->o->order, m->mem, err);
    if (!rc)
        rc = pi_lists_init(&m->lists, &m->docs, memory, err);
    if (!rc)
        rc = init_forms(m, err);
    if (!rc)
        rc = sum_lengths(m, err);
    for (size_t s = 0; s < n; s++)
        m->words_all += sources[s].seg->dict.entries;
    m->words_all = m->words_all * PC_FIELD_COUNT + 1;
    return rc ? rc : move_norms(m, err);
}

static void release(merge *m, size_t n)
{
    for (size_t s = 0; m->maps && s < n; s++)
        pc_free(m->mem, m->maps[s].to);
    pc_free(m->mem, m->maps);
    pc_free(m->mem, m->norms);
    release_forms(m);
    pi_lists_release(&m->lists);
    pi_docs_release(&m->docs);
    pi_dict_writer_release(&m->dict);
    pi_post_writer_release(&m->post);
    pi_store_writer_release(&m->store);
    pi_column_writer_release(&m->columns);
    pi_id_writer_release(&m->ids);
}

static int put_all(merge *m, pi_out *out, parasol_error *err)
{
    int rc = PARASOL_OK;
    pi_meta_put(out, m->docs.docs, m->lengths, &m->languages);
    for (m->language = 0; m->language < m->languages.n; m->language++) {
        for (uint8_t field = 0; !rc && field < PC_FIELD_COUNT; field++)
            rc = put_field(m, field, err);
    }
    if (rc)
        return rc;
    pi_dict_writer_finish(&m->dict, out);
    pi_post_writer_finish(&m->post, out);
    put_norms(m, out);
    rc = pi_merged_languages_put(out, &m->languages, &m->docs, err);
    if (rc)
        return rc;
    pi_sources_forget(m->docs.sources, m->docs.n);
    /* Their memory is needed for what comes. */
    pi_lists_release(&m->lists);
    release_forms(m);
    rc = say(m, WORDS_SHARE, err);
    if (!rc)
        rc = pi_merge_store(&m->docs, m->o->memory ? m->o->memory : MEMORY,
                            &m->store, &m->columns,
                            m->with_ids ? &m->ids : NULL, err);
    if (!rc)
        rc = pi_store_finish(&m->store, out, err);
    if (!rc)
        rc = pi_column_finish(&m->columns, out, err);
    if (!rc && m->with_ids)
        rc = pi_id_finish(&m->ids, out, err);
    if (!rc)
        rc = put_order(m, out, err);
    return rc ? rc : say(m, 1, err);
}

int pi_merge(const pi_merge_source *sources, size_t n,
             const pi_merge_options *options, pi_out *out, uint32_t *docs,
             const pc_mem *mem, parasol_error *err)
{
    merge *m = pc_zalloc(mem, 1, sizeof *m);
    if (!m)
        return pc_fail_nomem(err);
    m->o = options;
    m->mem = mem;
    int rc = init(m, sources, n, err);
    if (!rc)
        rc = put_all(m, out, err);
    if (!rc)
        rc = pi_out_status(out, err);
    *docs = m->docs.docs;
    release(m, n);
    pc_free(mem, m);
    return rc;
}
