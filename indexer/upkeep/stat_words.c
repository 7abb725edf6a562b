/*
 * The words of an index, added up.
 */
#include "common/base/fail.h"
#include "common/text/frequent.h"
#include "indexer/merge/merge_words.h"
#include "indexer/upkeep/stat_internal.h"

/* ---- the greatest ------------------------------------------------------- */

static uint64_t weight(const parasol_stat_word *w, int order)
{
    return order == PARASOL_STAT_BY_DF ? w->df : w->ctf;
}

/* Of equal ones, those stay that came first: words come in byte order. */
static int offer(parasol_stat *s, pi_stat_top *top, int order,
                 const parasol_stat_word *word, pc_str stem, parasol_error *err)
{
    size_t at = top->n;
    while (at > 0 && weight(&top->words[at - 1], order) < weight(word, order))
        at--;
    if (at == s->top)
        return PARASOL_OK;
    const char *copy = pc_arena_copy(&s->arena, stem.ptr, stem.len);
    if (!copy)
        return pc_fail_nomem(err);
    if (top->n < s->top)
        top->n++;
    memmove(top->words + at + 1, top->words + at,
            (top->n - at - 1) * sizeof *top->words);
    top->words[at] = *word;
    top->words[at].stem = copy;
    return PARASOL_OK;
}

/* ---- sums --------------------------------------------------------------- */

static void add_term(parasol_stat_field *f, const pc_entry *e)
{
    f->postings += e->df;
    f->positions += e->ctf;
    if (e->flags & PC_ENTRY_INLINE) {
        f->inline_postings += e->df;
        f->inline_positions += e->ctf;
    } else {
        f->posting_bytes += e->post_len;
        f->position_bytes += e->pos_len;
    }
}

/* The current word in one field of all segments. */
static int add_word(parasol_stat *s, pi_stat_field *f, const pi_words *w,
                    uint8_t field, parasol_error *err)
{
    parasol_stat_word word = {.struct_size = sizeof word};
    bool is_form = false;
    for (size_t i = 0; i < w->n_segs; i++) {
        const pc_entry *e = pi_words_entry(w, i, field);
        if (!e)
            continue;
        f->sums.entries++;
        is_form = is_form || e->flags & PC_ENTRY_FORM;
        if (!(e->flags & PC_ENTRY_TERM))
            continue;
        add_term(&f->sums, e);
        word.df += e->df;
        word.ctf += e->ctf;
    }
    if (pc_is_pair(w->word)) /* no word */
        return PARASOL_OK;
    f->sums.forms += is_form;
    if (word.df == 0)
        return PARASOL_OK;
    f->sums.stems++;
    int rc = PARASOL_OK;
    for (int order = 0; !rc && order < 2; order++)
        rc = offer(s, &f->top[order], order, &word, w->word, err);
    return rc;
}

static int make_field(parasol_stat *s, pi_stat_field *f, uint8_t field,
                      const char *language, parasol_error *err)
{
    f->sums.struct_size = sizeof f->sums;
    f->sums.name = field == PC_FIELD_TITLE ? "title" : "text";
    f->sums.language = language;
    for (int order = 0; order < 2; order++) {
        f->top[order].words =
            pc_arena_zalloc(&s->arena, s->top + 1, sizeof(parasol_stat_word));
        if (!f->top[order].words)
            return pc_fail_nomem(err);
    }
    return PARASOL_OK;
}

static int scan(parasol_stat *s, pi_stat_field *fields, parasol_error *err)
{
    pi_words w;
    int rc = pi_words_init(&w, (const pc_seg *const *)s->segs, s->n_segs,
                           pc_str_of(fields->sums.language), &s->alloc, err);
    while (!rc) {
        rc = pi_words_next(&w, err);
        for (uint8_t f = 0; !rc && f < PC_FIELD_COUNT; f++)
            rc = add_word(s, &fields[f], &w, f, err);
    }
    pi_words_release(&w);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

/* ---- languages ---------------------------------------------------------- */

/* Adds both fields of a language, in the order of the codes, unless they are
   there. `fields` has room. */
static int add_language(parasol_stat *s, const char *code, parasol_error *err)
{
    size_t at = 0;
    while (at < s->n_fields && strcmp(s->fields[at].sums.language, code) < 0)
        at += PC_FIELD_COUNT;
    if (at < s->n_fields && strcmp(s->fields[at].sums.language, code) == 0)
        return PARASOL_OK;
    const char *copy = pc_arena_copy(&s->arena, code, strlen(code));
    if (!copy)
        return pc_fail_nomem(err);
    memmove(s->fields + at + PC_FIELD_COUNT, s->fields + at,
            (s->n_fields - at) * sizeof *s->fields);
    s->n_fields += PC_FIELD_COUNT;
    memset(s->fields + at, 0, PC_FIELD_COUNT * sizeof *s->fields);
    int rc = PARASOL_OK;
    for (uint8_t f = 0; !rc && f < PC_FIELD_COUNT; f++)
        rc = make_field(s, &s->fields[at + f], f, copy, err);
    return rc;
}

static int find_languages(parasol_stat *s, parasol_error *err)
{
    size_t most = 0;
    int rc = PARASOL_OK;
    for (size_t i = 0; i < s->n_segs; i++)
        most += s->segs[i]->languages.n;
    s->fields = pc_arena_zalloc(&s->arena, PC_FIELD_COUNT * most + 1,
                                sizeof *s->fields);
    if (!s->fields)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < s->n_segs; i++) {
        const pc_seg_languages *l = &s->segs[i]->languages;
        for (uint32_t k = 0; !rc && k < l->n; k++)
            rc = add_language(s, l->v[k].code, err);
    }
    return rc;
}

int pi_stat_words(parasol_stat *s, parasol_error *err)
{
    int rc = find_languages(s, err);
    for (size_t i = 0; !rc && i < s->n_fields; i += PC_FIELD_COUNT)
        rc = scan(s, &s->fields[i], err);
    return rc;
}
