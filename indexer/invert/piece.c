/*
 * A piece of a join: the entries of its terms and forms in the order of the
 * dictionary.
 */
#include "common/base/fail.h"
#include "indexer/invert/entry_record.h"
#include "indexer/invert/piece_internal.h"
#include "indexer/invert/sorted.h"

/* Records that are handed to the spool together. */
#define RECORDS ((size_t)64 << 10)

static pc_str nth_form(const void *of, uint32_t i)
{
    const pi_form_entry *entries = of;
    return entries[i].text;
}

bool pi_form_is_better(const pc_form_info *a, const pc_form_info *b)
{
    if (a->strip != b->strip)
        return a->strip < b->strip;
    return pc_str_cmp(a->add, b->add) < 0;
}

/* A form of the field whose text is not in the range of the piece. */
static int add_stray(pi_maker *m, const pi_form_entry *f, uint8_t field)
{
    pi_piece *p = m->p;
    if (pc_grow(m->mem, (void **)&p->strays, &p->strays_cap, p->n_strays + 1,
                sizeof *p->strays))
        return PARASOL_NOMEM;
    pi_stray *s = &p->strays[p->n_strays++];
    *s = (pi_stray){f->text, pc_language_field(m->language, field),
                    f->in[field]};
    s->text.ptr = pc_arena_copy(&p->arena, f->text.ptr, f->text.len);
    s->info.add.ptr =
        pc_arena_copy(&p->arena, s->info.add.ptr, s->info.add.len);
    return s->text.ptr && s->info.add.ptr ? PARASOL_OK : PARASOL_NOMEM;
}

static bool is_stray(const pi_maker *m, pc_str text)
{
    return pc_str_cmp(text, m->word_lo) < 0 ||
           (m->word_hi.len > 0 && pc_str_cmp(text, m->word_hi) >= 0);
}

static void put_record(pi_maker *m, uint8_t field, pc_str word,
                       const pc_entry *e)
{
    pi_entry_put(&m->record, word, e);
    if (m->record.len >= RECORDS) {
        pi_spool_put(&m->p->entries[field], m->record.ptr, m->record.len);
        pc_buf_clear(&m->record);
    }
}

static size_t record_end(const pi_maker *m, uint8_t field, size_t i)
{
    return i + 1 < m->n_terms[field] ? m->terms[field][i + 1].at
                                     : m->records[field].len;
}

/* Hands on the records of terms [from, to) as they are. */
static void put_terms(pi_maker *m, uint8_t field, size_t from, size_t to)
{
    if (from == to)
        return;
    size_t at = m->terms[field][from].at;
    pi_spool_put(&m->p->entries[field], m->record.ptr, m->record.len);
    pc_buf_clear(&m->record);
    pi_spool_put(&m->p->entries[field], m->records[field].ptr + at,
                 record_end(m, field, to - 1) - at);
}

/* Writes the terms of the field that sort before `text`; true if the next is
   equal to it. */
static bool put_terms_before(pi_maker *m, uint8_t field, size_t *next,
                             pc_str text)
{
    size_t from = *next;
    int cmp = 1;
    for (; *next < m->n_terms[field]; ++*next) {
        cmp = pc_str_cmp(m->terms[field][*next].word, text);
        if (cmp >= 0)
            break;
    }
    put_terms(m, field, from, *next);
    return cmp == 0 && *next < m->n_terms[field];
}

/* The entry of term i of the field. */
static void get_term(const pi_maker *m, uint8_t field, size_t i, pc_entry *e)
{
    const uint8_t *p = m->records[field].ptr;
    pc_str word;
    const uint8_t *end = pi_entry_get(p + m->terms[field][i].at,
                                      p + m->records[field].len, &word, e);
    PC_ASSERT(end == p + record_end(m, field, i));
    PC_UNUSED(end);
}

/* The best of the forms from order[*i] on that have the same text and occur
   in the field; *i moves behind them. NULL if there is none. */
static const pi_form_entry *best_form(const pi_maker *m, const uint32_t *order,
                                      size_t *i, uint8_t field)
{
    const pi_form_entry *best = NULL;
    pc_str text = m->form_entries[order[*i]].text;
    for (; *i < m->n_form_entries; ++*i) {
        const pi_form_entry *f = &m->form_entries[order[*i]];
        if (!pc_str_eq(f->text, text))
            break;
        if (f->in[field].ctf > 0 &&
            (!best || pi_form_is_better(&f->in[field], &best->in[field])))
            best = f;
    }
    return best;
}

static int put_field(pi_maker *m, const uint32_t *order, uint8_t field)
{
    size_t next = 0;
    for (size_t i = 0; i < m->n_form_entries;) {
        const pi_form_entry *f = best_form(m, order, &i, field);
        pc_entry e = {0};
        if (!f)
            continue;
        if (is_stray(m, f->text)) {
            if (add_stray(m, f, field))
                return PARASOL_NOMEM;
            continue;
        }
        if (put_terms_before(m, field, &next, f->text))
            get_term(m, field, next++, &e);
        if (!(e.flags & PC_ENTRY_SOLE))
            e.form = f->in[field];
        e.flags |= PC_ENTRY_FORM;
        put_record(m, field, f->text, &e);
    }
    put_terms(m, field, next, m->n_terms[field]);
    pi_spool_put(&m->p->entries[field], m->record.ptr, m->record.len);
    int rc = m->record.status;
    pc_buf_clear(&m->record);
    return rc;
}

static int put_entries(pi_maker *m)
{
    uint32_t *order = pi_sorted(nth_form, m->form_entries,
                                (uint32_t)m->n_form_entries, m->mem);
    int rc = order ? PARASOL_OK : PARASOL_NOMEM;
    for (uint8_t field = 0; !rc && field < PC_FIELD_COUNT; field++)
        rc = put_field(m, order, field);
    pc_free(m->mem, order);
    return rc ? pc_fail_nomem(m->err) : PARASOL_OK;
}

/* ---- beginning and end -------------------------------------------------- */

static int open_cursors(pi_maker *m, pi_cursor **set)
{
    const pi_join *j = m->j;
    *set = pc_zalloc(m->mem, j->n_runs, sizeof **set);
    if (!*set)
        return pc_fail_nomem(m->err);
    for (size_t i = 0; i < j->n_runs; i++) {
        int rc = pi_cursor_open(&(*set)[i], &j->runs[i], m->lo, m->hi, m->err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

static int open_maker(pi_maker *m)
{
    m->members = pc_alloc(m->mem, m->j->n_runs, sizeof *m->members);
    if (!m->members)
        return pc_fail_nomem(m->err);
    int rc = open_cursors(m, &m->cursors);
    if (!rc && m->j->gaps)
        rc = open_cursors(m, &m->counting);
    return rc;
}

static void release_maker(pi_maker *m)
{
    for (size_t i = 0; i < m->j->n_runs; i++) {
        if (m->cursors)
            pi_cursor_release(&m->cursors[i]);
        if (m->counting)
            pi_cursor_release(&m->counting[i]);
    }
    void *blocks[] = {m->cursors,  m->counting,    m->members, m->forms,
                      m->all,      m->ranks,       m->numbers, m->terms[0],
                      m->terms[1], m->form_entries};
    for (size_t i = 0; i < PC_COUNTOF(blocks); i++)
        pc_free(m->mem, blocks[i]);
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++)
        pc_buf_release(&m->records[f]);
    pc_arena_release(&m->arena);
    pc_buf_release(&m->record);
}

static int status_of(pi_piece *p)
{
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        if (pi_post_status(&p->post[f], &p->error) ||
            pi_spool_status(&p->post[f].postings, &p->error) ||
            pi_spool_status(&p->post[f].positions, &p->error) ||
            pi_spool_status(&p->entries[f], &p->error))
            return p->error.code;
    }
    return PARASOL_OK;
}

static void set_range(pi_maker *m, const struct pi_range *r)
{
    m->language = r->language;
    m->lo = r->lo;
    m->hi = r->hi;
    bool other = r->lo.len > 0 && (uint8_t)r->lo.ptr[0] == PI_LANGUAGE_MARK;
    m->head = other ? PI_LANGUAGE_HEAD : 0;
    m->word_lo = r->lo; /* which may be no string at all */
    if (other)
        m->word_lo = (pc_str){r->lo.ptr + m->head, r->lo.len - m->head};
    if (!other)
        m->word_hi = r->hi;
    else if (r->hi.len > m->head && r->hi.ptr[1] == r->lo.ptr[1])
        m->word_hi = (pc_str){r->hi.ptr + m->head, r->hi.len - m->head};
}

void pi_piece_make(pi_piece *p, const pi_join *j, size_t i)
{
    *p = (pi_piece){.join = j, .language = j->pieces[i].language};
    pi_maker m = {.p = p, .j = j, .mem = j->mem, .err = &p->error};
    set_range(&m, &j->pieces[i]);
    pc_arena_init(&p->arena, j->mem, 4096);
    pc_arena_init(&m.arena, j->mem, 0);
    pc_buf_init(&m.record, j->mem);
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        pc_buf_init(&m.records[f], j->mem);
        pi_post_writer_init(&p->post[f], j->dir, j->mem, j->damp[f]);
        pi_spool_init(&p->entries[f], j->dir, j->spool_limit, j->mem);
    }
    p->status = open_maker(&m);
    if (!p->status)
        p->status = pi_maker_stems(&m);
    if (!p->status)
        p->status = put_entries(&m);
    if (!p->status)
        p->status = status_of(p);
    release_maker(&m);
}

void pi_piece_release(pi_piece *p)
{
    if (!p->join)
        return;
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        pi_post_writer_release(&p->post[f]);
        pi_spool_release(&p->entries[f]);
    }
    pc_free(p->join->mem, p->strays);
    pc_arena_release(&p->arena);
    p->join = NULL;
}
