/*
 * The deep check of a segment: its parts in turn, and what they have counted.
 */
#include "indexer/check/deep.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/codec/norm.h"
#include "common/codec/varint.h"
#include "common/format/section_name.h"
#include "common/text/analyzer.h"
#include "indexer/check/affects.h"
#include "indexer/check/deep_forms.h"

/* ---- findings ----------------------------------------------------------- */

pi_place pi_deep_place(const pi_deep *d, uint32_t section, const uint8_t *at)
{
    pc_section s;
    pi_place place = {d->name, pc_section_name(section), PARASOL_NO_OFFSET, 0};
    if (!at && pc_sealed_has(d->seg->file, section, &s))
        at = s.ptr;
    if (at)
        place.offset = (uint64_t)(at - d->seg->file->map.ptr);
    return place;
}

void pi_deep_word(pi_deep *d, uint32_t section, const uint8_t *at, pc_str key,
                  const char *fmt, ...)
{
    char problem[200];
    va_list args;
    pc_buf affects;
    pc_buf_init(&affects, d->mem);
    if (key.len > 1)
        pc_buf_put_fmt(&affects, "searches for \"%.*s\"%s", (int)key.len - 1,
                       key.ptr + 1, key.ptr[0] % 2 ? " in titles" : "");
    else
        pc_buf_put_z(&affects, "the first words of the dictionary");
    pc_buf_put_u8(&affects, 0);
    va_start(args, fmt);
    (void)vsnprintf(problem, sizeof problem, fmt, args);
    va_end(args);
    pi_damage(d->c, pi_deep_place(d, section, at),
              affects.status ? "" : (const char *)affects.ptr, "%s", problem);
    pc_buf_release(&affects);
}

void pi_deep_document(pi_deep *d, uint32_t section, const uint8_t *at,
                      uint32_t doc, const char *fmt, ...)
{
    char problem[200], affects[40];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(problem, sizeof problem, fmt, args);
    va_end(args);
    (void)snprintf(affects, sizeof affects, "document %u", doc);
    pi_damage(d->c, pi_deep_place(d, section, at), affects, "%s", problem);
}

/* ---- counts ------------------------------------------------------------- */

static void check_lengths(pi_deep *d)
{
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        const uint8_t *norms = d->seg->lists.norms[f];
        uint64_t sum = 0;
        for (uint32_t i = 0; i < d->docs; i++) {
            uint64_t n = d->tokens[f][i];
            uint8_t norm =
                pc_norm_encode(n < UINT32_MAX ? (uint32_t)n : UINT32_MAX);
            sum += n;
            if (norms && norms[i] != norm)
                pi_deep_document(d, PC_SECTION_NORMS, norms + i, i,
                                 "its length class is %u, not %u", norms[i],
                                 norm);
        }
        if (sum != d->seg->lengths[f])
            pi_damage(d->c, pi_deep_place(d, PC_SECTION_META, NULL),
                      "the scores of all documents of the segment",
                      "field %u has %llu words, not %llu", f,
                      (unsigned long long)sum,
                      (unsigned long long)d->seg->lengths[f]);
    }
}

/* Each language has as many documents as META says. */
static void check_languages(pi_deep *d)
{
    const pc_seg_languages *l = &d->seg->languages;
    uint32_t docs[PC_LANGUAGES_MAX] = {0};
    for (uint32_t i = 0; i < d->docs; i++) {
        uint32_t language = pc_seg_language_of(l, i);
        if (language >= l->n) {
            pi_deep_document(d, PC_SECTION_LANGUAGES, NULL, i,
                             "it is in language %u of %u", language, l->n);
            return;
        }
        docs[language]++;
    }
    for (uint32_t i = 0; i < l->n; i++) {
        if (docs[i] != l->v[i].docs)
            pi_damage(d->c, pi_deep_place(d, PC_SECTION_LANGUAGES, NULL), "",
                      "%u documents are in language %s, not %u", docs[i],
                      l->v[i].code, l->v[i].docs);
    }
}

static void check_order(pi_deep *d)
{
    const pc_seg *s = d->seg;
    bool is_needed = false;
    if (!s->ranks.width)
        return;
    uint8_t *seen = pc_zalloc(d->mem, d->docs, 1);
    if (!seen) {
        pi_check_nomem(d->c);
        return;
    }
    for (uint32_t i = 0; i < d->docs; i++) {
        uint32_t rank = pc_seg_rank(s, i);
        if (rank >= d->docs)
            pi_deep_document(d, PC_SECTION_ORDER, NULL, i,
                             "its place in the order is %u of %u", rank,
                             d->docs);
        else if (seen[rank]++)
            pi_deep_document(d, PC_SECTION_ORDER, NULL, i,
                             "it has place %u, as another document does", rank);
        is_needed = is_needed || rank != i;
    }
    if (!is_needed)
        pi_damage(d->c, pi_deep_place(d, PC_SECTION_ORDER, NULL), "",
                  "the order is the same as without this section");
    pc_free(d->mem, seen);
}

/* ---- all ---------------------------------------------------------------- */

static bool init(pi_deep *d)
{
    bool ok = true;
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        d->tokens[f] = pc_zalloc(d->mem, d->docs, sizeof *d->tokens[f]);
        ok = ok && d->tokens[f];
    }
    d->words = pc_zalloc(d->mem, d->docs, sizeof *d->words);
    d->variants = pc_zalloc(d->mem, d->docs, sizeof *d->variants);
    d->forms = pc_zalloc(d->mem, 1, sizeof *d->forms);
    return ok && d->words && d->variants && d->forms;
}

static void release(pi_deep *d)
{
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++)
        pc_free(d->mem, d->tokens[f]);
    pc_free(d->mem, d->words);
    pc_free(d->mem, d->variants);
    if (d->forms)
        pi_deep_forms_release(d->forms, d->mem);
    pc_free(d->mem, d->forms);
}

static void check_text(pi_deep *d, pi_deep_words words)
{
    pc_analyzer *a = NULL;
    parasol_error err;
    int rc = pc_analyzer_open_spec(&a, words.spec, d->mem, &err);
    if (rc == PARASOL_NOMEM)
        pi_check_nomem(d->c);
    else if (!rc && !pc_analyzer_is_auto(a) &&
             (d->seg->languages.n != 1 ||
              !pc_str_eq(pc_str_of(d->seg->languages.v[0].code),
                         pc_analyzer_code(a))))
        pi_damage(d->c, pi_deep_place(d, PC_SECTION_META, NULL),
                  "searches in the segment",
                  "it is in another language than the index");
    else if (rc || pc_analyzer_fingerprint(a) != words.fingerprint)
        pi_note(d->c, d->name,
                "its words were analysed otherwise than this program does: "
                "whether they are those of its texts was not checked");
    else
        pi_deep_text(d, a);
    pc_analyzer_free(a);
}

void pi_deep_segment(pi_check *c, const pc_seg *seg, const char *name,
                     pi_deep_words words, const uint64_t *alive)
{
    pi_deep d = {.c = c,
                 .mem = c->mem,
                 .seg = seg,
                 .name = name,
                 .docs = seg->docs,
                 .alive = alive};
    if (!init(&d))
        pi_check_nomem(c);
    if (!c->stopped)
        check_languages(&d);
    if (!c->stopped)
        pi_deep_dict(&d);
    if (!c->stopped)
        pi_deep_lists(&d);
    if (!c->stopped && d.lists_are_sound)
        check_lengths(&d);
    if (!c->stopped)
        check_order(&d);
    uint64_t before = c->info.damages;
    if (!c->stopped)
        pi_deep_store(&d);
    if (!c->stopped && d.lists_are_sound && c->info.damages == before)
        check_text(&d, words);
    release(&d);
}

/* ---- skips -------------------------------------------------------------- */

/* Behind a string with its length; NULL at the end of the section. */
static const uint8_t *pass_string(const uint8_t *p, const uint8_t *end)
{
    uint64_t len;
    p = p ? pc_varint_get64(p, end, &len) : NULL;
    return p && len <= (uint64_t)(end - p) ? p + len : NULL;
}

static const uint8_t *pass_skip(const uint8_t *p, const uint8_t *end)
{
    uint64_t bytes;
    if (p == end || *p == 0 || *p >= PC_MANIFEST_SKIPS)
        return NULL;
    p = pc_varint_get64(p + 1, end, &bytes);
    return pass_string(pass_string(p, end), end);
}

void pi_deep_skips(pi_check *c, const pi_bytes *b, const char *name)
{
    const pi_bytes_section *s = pi_bytes_find(b, PC_SECTION_SKIPS);
    pi_place at = {name, "SKIPS", PARASOL_NO_OFFSET, 0};
    const char *affects = "the list of files that are not searchable";
    if (!s || s->len < 8) {
        pi_damage(c, at, affects, "the section is missing or too short");
        return;
    }
    const uint8_t *p = b->map.ptr + s->off + 8, *end = p + s->len - 8;
    uint64_t records = pc_load64le(p - 8);
    for (uint64_t i = 0; i < records; i++) {
        const uint8_t *next = pass_skip(p, end);
        if (!next) {
            at.offset = (uint64_t)(p - b->map.ptr);
            pi_damage(c, at, affects, "record %llu cannot be read",
                      (unsigned long long)i);
            return;
        }
        p = next;
    }
    if (p != end)
        pi_damage(c, at, affects, "there are bytes behind the records");
}
