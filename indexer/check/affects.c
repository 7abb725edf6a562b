/*
 * From places in a segment to what they are about. Everything that is read for
 * it goes through the readers of the segment, which refuse damaged pages: then
 * the answer is less exact.
 */
#include "indexer/check/affects.h"

#include "common/format/section_name.h"

#define WORDS_NAMED 3u

/* A range within a section. */
typedef struct part {
    const pi_victim *v;
    const pi_bytes_section *s;
    uint64_t from, to; /* from the start of the section */
    pc_buf *out;
} part;

void pi_put_documents(pc_buf *out, uint64_t first, uint64_t last)
{
    if (first == last)
        pc_buf_put_fmt(out, "document %llu", (unsigned long long)first);
    else
        pc_buf_put_fmt(out, "documents %llu to %llu", (unsigned long long)first,
                       (unsigned long long)last);
}

static void put_some(const part *p, const char *what, uint64_t first,
                     uint64_t last)
{
    uint64_t docs = p->v->seg->docs;
    pc_buf_put_z(p->out, what);
    if (docs == 0)
        return;
    last = last < docs ? last : docs - 1;
    pi_put_documents(p->out, first < last ? first : last, last);
}

/* ---- words -------------------------------------------------------------- */

/* The text of a key or of its first bytes, up to the last whole character. */
static void put_word(pc_buf *out, const uint8_t *key, size_t len)
{
    size_t n = len;
    while (n > 1 && key[n - 1] == 0)
        n--;
    while (n > 1 && n == len && len == 8 && (key[n - 1] & 0x80))
        n--;
    pc_buf_put_z(out, "\"");
    pc_buf_put(out, key + 1, n > 0 ? n - 1 : 0);
    pc_buf_put_z(out, "\"");
}

static void put_prefix(pc_buf *out, uint64_t prefix)
{
    uint8_t key[8];
    for (unsigned i = 0; i < 8; i++)
        key[i] = (uint8_t)(prefix >> (56 - 8 * i));
    put_word(out, key, sizeof key);
}

/* Words whose dictionary blocks are blocks [from, to]. */
static void put_blocks(const part *p, uint64_t from, uint64_t to)
{
    const pc_dict *d = &p->v->seg->dict;
    uint64_t first = 0, behind = 0;
    to = to < d->blocks ? to : d->blocks - 1;
    pc_buf_put_z(p->out, "the dictionary entries of words ");
    if (d->blocks == 0 || pc_dict_block_prefix(d, from, &first, NULL)) {
        pc_buf_put_z(p->out, "of the segment");
        return;
    }
    pc_buf_put_z(p->out, "from ");
    put_prefix(p->out, first);
    if (to + 1 < d->blocks && !pc_dict_block_prefix(d, to + 1, &behind, NULL)) {
        pc_buf_put_z(p->out, " to ");
        put_prefix(p->out, behind);
    } else {
        pc_buf_put_z(p->out, " on");
    }
}

static void affect_terms(const part *p)
{
    const pc_dict *d = &p->v->seg->dict;
    uint64_t from = 0, to = d->blocks ? d->blocks - 1 : 0;
    size_t len = (size_t)(d->blocks + 1) * PC_DICT_OFFSET;
    if (pc_sealed_need(d->file, d->offsets, len, NULL) == PARASOL_OK) {
        while (from + 1 < d->blocks && pc_dict_offset(d, from + 1) <= p->from)
            from++;
        to = from;
        while (to + 1 < d->blocks && pc_dict_offset(d, to + 1) < p->to)
            to++;
    }
    put_blocks(p, from, to);
}

static bool is_hit(const part *p, const pc_entry *e)
{
    bool pos = p->s->id == PC_SECTION_POSITIONS;
    uint64_t off = pos ? e->pos_off : e->post_off;
    uint64_t len = pos ? e->pos_len : e->post_len;
    return (e->flags & PC_ENTRY_TERM) && !(e->flags & PC_ENTRY_INLINE) &&
           off < p->to && p->from < off + len;
}

/* The words whose lists lie in the range. */
static void affect_lists(const part *p)
{
    pc_dict_scan scan;
    pc_entry e;
    uint64_t words = 0;
    int rc;
    pc_dict_scan_init(&scan, &p->v->seg->dict);
    while ((rc = pc_dict_scan_next(&scan, &e, NULL)) == PARASOL_OK) {
        if (!is_hit(p, &e))
            continue;
        if (++words > WORDS_NAMED)
            continue;
        pc_buf_put_z(p->out, words > 1 ? ", " : "the ");
        if (words == 1)
            pc_buf_put_z(p->out, p->s->id == PC_SECTION_POSITIONS
                                     ? "positions of "
                                     : "posting list of ");
        put_word(p->out, scan.block.key, scan.block.key_len);
        pc_buf_put_z(p->out, e.field % 2 ? " in titles" : "");
    }
    if (words > WORDS_NAMED)
        pc_buf_put_fmt(p->out, " and %llu other words",
                       (unsigned long long)(words - WORDS_NAMED));
    if (rc != PARASOL_NOTFOUND)
        pc_buf_put_fmt(p->out, "%swords whose dictionary entries are damaged",
                       words ? ", and " : "lists of ");
}

/* ---- documents ---------------------------------------------------------- */

/* The first document whose record or text ends behind `raw` in its stream;
   the number of documents if there is none, or if that cannot be told. */
static uint32_t document_at(const pc_store *s, bool text, uint64_t raw)
{
    uint32_t low = 0, high = s->docs;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        pc_doc_place e;
        if (pc_store_find(s, mid, &e, NULL))
            return s->docs;
        uint64_t end =
            text ? e.text_off + e.text_len : e.fields_off + e.fields_len;
        if (end <= raw)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The documents that blocks [from, to] of a stream are about. */
static void put_stream(const part *p, bool text, uint64_t from, uint64_t to)
{
    const pc_store *s = &p->v->seg->store;
    const pc_store_stream *st = text ? &s->text : &s->fields;
    uint32_t first = document_at(s, text, from * st->block);
    uint32_t last = document_at(s, text, (to + 1) * st->block);
    put_some(p, text ? "the text of " : "the fields of ",
             first < s->docs ? first : 0, last);
}

static void affect_stream(const part *p, bool text)
{
    const pc_store *s = &p->v->seg->store;
    const pc_store_stream *st = text ? &s->text : &s->fields;
    const uint8_t *offsets = st->index.ptr + PC_STORE_INDEX_HEAD;
    uint64_t from = 0, to = st->blocks ? st->blocks - 1 : 0;
    size_t len = (size_t)(st->blocks + 1) * 8;
    if (pc_sealed_need(s->file, offsets, len, NULL) == PARASOL_OK) {
        while (from + 1 < st->blocks &&
               pc_load64le(offsets + 8 * (from + 1)) <= p->from)
            from++;
        to = from;
        while (to + 1 < st->blocks &&
               pc_load64le(offsets + 8 * (to + 1)) < p->to)
            to++;
    }
    put_stream(p, text, from, to);
}

/* An item of the index of a stream stands for a block. */
static void affect_stream_index(const part *p, bool text)
{
    uint64_t from = p->from > PC_STORE_INDEX_HEAD + 8
                        ? (p->from - PC_STORE_INDEX_HEAD) / 8 - 1
                        : 0;
    uint64_t to =
        p->to > PC_STORE_INDEX_HEAD ? (p->to - PC_STORE_INDEX_HEAD) / 8 : 0;
    put_stream(p, text, from, to);
}

static void affect_doc_table(const part *p)
{
    const pc_doc_table *t = &p->v->seg->store.table;
    uint64_t groups = ((uint64_t)t->docs + PC_DOC_GROUP - 1) / PC_DOC_GROUP;
    uint64_t heads = groups * PC_DOC_GROUP_HEAD;
    uint64_t first = p->from / PC_DOC_GROUP_HEAD * PC_DOC_GROUP;
    uint64_t last = (p->to - 1) / PC_DOC_GROUP_HEAD * PC_DOC_GROUP;
    if (p->to > heads) {
        first = p->from < heads ? first : 0;
        last = t->docs;
    }
    put_some(p, "fields and text of ", first, last + PC_DOC_GROUP - 1);
}

static void affect_norms(const part *p)
{
    uint64_t docs = p->v->seg->docs, first = p->from, last = p->to - 1;
    bool one = docs > 0 && first / docs == last / docs;
    put_some(p, "the scores of ", one ? first % docs : 0,
             one ? last % docs : docs);
}

static void affect_order(const part *p)
{
    unsigned width = p->v->seg->ranks.width;
    width = width ? width : 32;
    put_some(p, "the order of equal scores of ", p->from * 8 / width,
             p->to * 8 / width);
}

/* ---- all ---------------------------------------------------------------- */

static void affect(const part *p)
{
    switch (p->s->id) {
    case PC_SECTION_META:
        pc_buf_put_z(p->out, "every search in the segment");
        break;
    case PC_SECTION_TERMS: affect_terms(p); break;
    case PC_SECTION_TERM_INDEX:
        pc_buf_put_z(p->out, "looking up words in the segment");
        break;
    case PC_SECTION_POSTINGS:
    case PC_SECTION_POSITIONS: affect_lists(p); break;
    case PC_SECTION_NORMS: affect_norms(p); break;
    case PC_SECTION_DOC_TABLE: affect_doc_table(p); break;
    case PC_SECTION_DOC_FIELDS: affect_stream(p, false); break;
    case PC_SECTION_FIELDS_INDEX: affect_stream_index(p, false); break;
    case PC_SECTION_TEXT: affect_stream(p, true); break;
    case PC_SECTION_TEXT_INDEX: affect_stream_index(p, true); break;
    case PC_SECTION_ORDER: affect_order(p); break;
    case PC_SECTION_LANGUAGES:
        pc_buf_put_z(p->out, "snippets of documents in several languages");
        break;
    case PC_SECTION_IDS:
        pc_buf_put_z(p->out, "finding documents by their ids, for updates");
        break;
    case PC_SECTION_COLUMNS:
        pc_buf_put_z(p->out, "filters in the segment");
        break;
    default: break;
    }
}

void pi_affects(const pi_victim *v, pi_extent at, pc_buf *sections,
                pc_buf *affects)
{
    const pi_bytes *b = v->bytes;
    for (uint32_t i = 0; i < b->n_sections && b->has_layout; i++) {
        const pi_bytes_section *s = &b->sections[i];
        uint64_t from = at.off > s->off ? at.off - s->off : 0;
        uint64_t to = at.off + at.len > s->off ? at.off + at.len - s->off : 0;
        to = to < s->len ? to : s->len;
        if (from >= to)
            continue;
        pc_buf_put_z(sections, sections->len ? ", " : "");
        pc_buf_put_z(sections, pc_section_name(s->id));
        if (!v->seg)
            continue;
        size_t before = affects->len;
        pc_buf_put_z(affects, before ? "; " : "");
        size_t start = affects->len;
        affect(&(part){v, s, from, to, affects});
        if (affects->len == start)
            affects->len = before;
    }
    if (!v->seg)
        pc_buf_put_fmt(affects, "all %llu documents of the segment",
                       (unsigned long long)v->docs);
}
