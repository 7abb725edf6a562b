/*
 * Stored documents: blocks, places, records, ids.
 */
#include "common/base/sort.h"
#include "indexer/check/deep_columns.h"
#include "indexer/check/doc_stream.h"

typedef struct store_reader {
    pi_deep *d;
    pi_doc_stream fields;
    pc_buf record;
    pc_arena arena;
    pc_buf ids; /* of all documents */
    uint64_t *ends;
    pi_deep_columns columns;
} store_reader;

/* ---- blocks ------------------------------------------------------------- */

static void check_stream(pi_deep *d, const pc_store_stream *st, bool text)
{
    const uint8_t *offsets = st->index.ptr + PC_STORE_INDEX_HEAD;
    uint32_t data = text ? PC_SECTION_TEXT : PC_SECTION_DOC_FIELDS;
    uint32_t index = text ? PC_SECTION_TEXT_INDEX : PC_SECTION_FIELDS_INDEX;
    const char *affects = text ? "the text of documents" : "documents";
    uint8_t *raw = pc_alloc(d->mem, 1, st->block);
    if (!raw)
        pi_check_nomem(d->c);
    if (pc_load64le(offsets) != 0 ||
        pc_load64le(offsets + 8 * st->blocks) != st->data.len)
        pi_damage(d->c, pi_deep_place(d, index, offsets), affects,
                  "stored blocks do not fill their section");
    for (uint64_t i = 0; i < st->blocks && !d->c->stopped; i++) {
        uint64_t at = pc_load64le(offsets + 8 * i);
        uint64_t end = pc_load64le(offsets + 8 * (i + 1));
        if (end <= at || end > st->data.len) {
            pi_damage(d->c, pi_deep_place(d, index, offsets + 8 * i), affects,
                      "block %llu lies outside of its section",
                      (unsigned long long)i);
            continue;
        }
        int rc = pc_store_block(&d->seg->store, st, i, raw, NULL);
        if (rc == PARASOL_NOMEM)
            pi_check_nomem(d->c);
        else if (rc)
            pi_damage(d->c, pi_deep_place(d, data, st->data.ptr + at), affects,
                      "block %llu does not inflate to what it should",
                      (unsigned long long)i);
        pi_check_progress(d->c, end - at);
    }
    pc_free(d->mem, raw);
}

/* ---- documents ---------------------------------------------------------- */

static void check_fields(store_reader *r, uint32_t doc, const pc_doc_place *e)
{
    pi_deep *d = r->d;
    pc_field *fields;
    size_t n;
    pc_buf_clear(&r->record);
    pc_arena_clear(&r->arena);
    int rc = pi_doc_stream_read(&r->fields, e->fields_off, e->fields_len,
                                &r->record, NULL);
    pc_buf_put_u8(&r->record, 0);
    if (!rc && r->record.status)
        rc = PARASOL_NOMEM;
    if (!rc)
        rc = pc_store_split(&d->seg->store, r->record.ptr, e->fields_len,
                            &r->arena, &fields, &n, NULL);
    if (rc == PARASOL_NOMEM)
        pi_check_nomem(d->c);
    r->ends[doc] = r->ids.len;
    if (rc) {
        pi_deep_document(d, PC_SECTION_DOC_FIELDS, NULL, doc,
                         "its fields cannot be read");
        return;
    }
    pc_buf_put_str(&r->ids, fields[0].value);
    r->ends[doc] = r->ids.len;
    if (r->ids.status)
        pi_check_nomem(d->c);
    if (fields[0].value.len == 0)
        pi_deep_document(d, PC_SECTION_DOC_FIELDS, NULL, doc, "it has no id");
    pi_deep_columns_document(&r->columns, doc, fields, n);
}

static void check_documents(store_reader *r)
{
    pi_deep *d = r->d;
    const pc_store *s = &d->seg->store;
    uint64_t fields_at = 0, text_at = 0;
    for (uint32_t doc = 0; doc < d->docs && !d->c->stopped; doc++) {
        pc_doc_place e = {0};
        if (pc_store_find(s, doc, &e, NULL)) {
            pi_deep_document(d, PC_SECTION_DOC_TABLE, NULL, doc,
                             "its place is impossible");
            return;
        }
        if (e.fields_off != fields_at || e.text_off != text_at)
            pi_deep_document(d, PC_SECTION_DOC_TABLE, NULL, doc,
                             "it does not follow the one before");
        fields_at = e.fields_off + e.fields_len;
        text_at = e.text_off + e.text_len;
        check_fields(r, doc, &e);
    }
    if (!d->c->stopped)
        pi_deep_columns_end(&r->columns);
    if (fields_at != s->fields.total || text_at != s->text.total)
        pi_damage(d->c, pi_deep_place(d, PC_SECTION_DOC_TABLE, NULL), "",
                  "the documents do not fill what is stored");
}

/* ---- ids ---------------------------------------------------------------- */

static pc_str id_of(const store_reader *r, uint32_t doc)
{
    uint64_t start = doc > 0 ? r->ends[doc - 1] : 0;
    return (pc_str){(const char *)r->ids.ptr + start,
                    (size_t)(r->ends[doc] - start)};
}

/* Documents in the order that the section IDS says; each document is one. */
static void check_order(store_reader *r, const pc_section *s)
{
    pi_deep *d = r->d;
    unsigned width = s->len ? pc_bits32(d->docs - 1) : 0;
    uint32_t before = 0;
    if (s->len && s->len != pc_bitpack_bytes(d->docs, width)) {
        pi_damage(d->c, pi_deep_place(d, PC_SECTION_IDS, NULL),
                  "finding documents by their ids", "it has the wrong size");
        return;
    }
    for (uint32_t i = 0; i < d->docs; i++) {
        uint32_t doc = s->len ? pc_bitpack_at(s->ptr, i, width) : i;
        if (doc >= d->docs) {
            pi_damage(d->c, pi_deep_place(d, PC_SECTION_IDS, NULL),
                      "finding documents by their ids",
                      "it names document %u of %u", doc, d->docs);
            return;
        }
        int order = i ? pc_str_cmp(id_of(r, before), id_of(r, doc)) : -1;
        if (order >= 0)
            pi_deep_document(d, PC_SECTION_IDS, NULL, doc,
                             order ? "its id does not stand behind that of "
                                     "document %u"
                                   : "it has the id of document %u",
                             before);
        before = doc;
    }
}

/* Without the section: no two ids are the same. */
static void check_twice(store_reader *r)
{
    pi_deep *d = r->d;
    pc_sort_item *keys = pc_alloc(d->mem, d->docs, sizeof *keys);
    for (uint32_t i = 0; keys && i < d->docs; i++) {
        pc_str id = id_of(r, i);
        keys[i] = (pc_sort_item){pc_hash64(id.ptr, id.len, 0), i};
    }
    if (!keys || pc_sort_keys(keys, d->docs, d->mem))
        pi_check_nomem(d->c);
    for (uint32_t i = 1; !d->c->stopped && i < d->docs; i++) {
        if (keys[i].key == keys[i - 1].key)
            pi_deep_document(d, PC_SECTION_DOC_FIELDS, NULL, keys[i].value,
                             "it has the id of document %u", keys[i - 1].value);
    }
    pc_free(d->mem, keys);
}

/* Remembers the ids of documents that are alive. */
static void gather_ids(store_reader *r)
{
    pi_check *c = r->d->c;
    uint32_t docs = r->d->docs;
    if (pc_grow(c->mem, (void **)&c->ids, &c->ids_cap, c->n_ids + docs,
                sizeof *c->ids)) {
        pi_check_nomem(c);
        return;
    }
    for (uint32_t i = 0; i < docs; i++) {
        pc_str id = id_of(r, i);
        if (r->d->alive && !(r->d->alive[i / 64] >> (i % 64) & 1))
            continue;
        c->ids[c->n_ids++] = (pc_sort_item){pc_hash64(id.ptr, id.len, 0), i};
    }
}

void pi_deep_ids(pi_check *c)
{
    uint64_t n = 0;
    if (c->n_ids > 0 && pc_sort_keys(c->ids, c->n_ids, c->mem)) {
        pi_check_nomem(c);
        return;
    }
    for (size_t i = 1; i < c->n_ids; i++)
        n += c->ids[i].key == c->ids[i - 1].key;
    if (n > 0)
        pi_damage(c, (pi_place){"manifest", "", PARASOL_NO_OFFSET, 0},
                  "documents that are found twice",
                  "%llu documents have the id of another one",
                  (unsigned long long)n);
}

void pi_deep_store(pi_deep *d)
{
    const pc_store *s = &d->seg->store;
    store_reader r = {.d = d};
    uint64_t before = d->c->info.damages;
    check_stream(d, &s->fields, false);
    check_stream(d, &s->text, true);
    if (d->c->stopped || d->c->info.damages != before)
        return;
    pc_buf_init(&r.record, d->mem);
    pc_buf_init(&r.ids, d->mem);
    pc_arena_init(&r.arena, d->mem, 0);
    r.ends = pc_alloc(d->mem, d->docs, sizeof *r.ends);
    if (!r.ends || pi_doc_stream_init(&r.fields, s, &s->fields))
        pi_check_nomem(d->c);
    pi_deep_columns_init(&r.columns, d);
    if (!d->c->stopped)
        check_documents(&r);
    pc_section ids;
    if (d->c->stopped || d->c->info.damages != before)
        ;
    else if (pc_sealed_has(d->seg->file, PC_SECTION_IDS, &ids))
        check_order(&r, &ids);
    else
        check_twice(&r);
    if (!d->c->stopped && d->c->info.damages == before)
        gather_ids(&r);
    pi_deep_columns_release(&r.columns);
    pi_doc_stream_release(&r.fields);
    pc_arena_release(&r.arena);
    pc_buf_release(&r.record);
    pc_buf_release(&r.ids);
    pc_free(d->mem, r.ends);
}
