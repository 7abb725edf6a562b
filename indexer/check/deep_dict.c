/*
 * The dictionary: order, front coding, the index over it, places of lists,
 * forms.
 */
#include "common/text/utf8.h"
#include "indexer/check/deep_forms.h"

typedef struct walker {
    pi_deep *d;
    pc_dict_scan scan;
    uint64_t entries;
    uint64_t post_at, pos_at; /* where the next list has to lie */
    uint8_t before[PC_KEY_MAX];
    size_t before_len;
} walker;

static pc_str key_of(const walker *w)
{
    return (pc_str){(const char *)w->scan.block.key, w->scan.block.key_len};
}

static void wrong(walker *w, const char *what)
{
    uint64_t block = w->scan.next_block ? w->scan.next_block - 1 : 0;
    const pc_dict *dict = &w->d->seg->dict;
    /* What is wrong may be the offset itself: then the section is named. */
    uint64_t off = pc_dict_offset(dict, block);
    if (off > dict->terms.len)
        off = 0;
    pi_deep_word(w->d, PC_SECTION_TERMS, dict->terms.ptr + off, key_of(w), "%s",
                 what);
}

/* ---- keys --------------------------------------------------------------- */

static size_t shared_bytes(const walker *w)
{
    size_t n = 0;
    while (n < w->before_len && n < w->scan.block.key_len &&
           w->before[n] == w->scan.block.key[n])
        n++;
    return n;
}

static void check_key(walker *w, const pc_termblock_key *stored, bool first)
{
    const pc_termblock *b = &w->scan.block;
    pc_str before = {(const char *)w->before, w->before_len};
    size_t shared = shared_bytes(w);
    if (w->entries > 0 && pc_str_cmp(before, key_of(w)) >= 0)
        wrong(w, "it does not stand behind the word before");
    if (stored->shared != (first ? 0 : shared))
        wrong(w, "it shares more bytes with the word before than are stored "
                 "as shared");
    if (b->key[0] >= PC_FIELD_COUNT * w->d->seg->languages.n)
        wrong(w, "it is in a field that there is not");
    else if (b->key_len < 2 ||
             !pc_utf8_valid((pc_str){key_of(w).ptr + 1, b->key_len - 1}))
        wrong(w, "it is not UTF-8");
    memcpy(w->before, b->key, b->key_len);
    w->before_len = b->key_len;
}

/* ---- entries ------------------------------------------------------------ */

static void check_places(walker *w, const pc_entry *e)
{
    if (!(e->flags & PC_ENTRY_TERM) || (e->flags & PC_ENTRY_INLINE))
        return;
    if (e->post_off != w->post_at)
        wrong(w, "its posting list does not follow the one before");
    if (e->pos_off != w->pos_at)
        wrong(w, "its positions do not follow those before");
    w->post_at = e->post_off + e->post_len;
    w->pos_at = e->pos_off + e->pos_len;
}

/* The key of the stem that a form names; false when there can be none. */
static bool stem_key(const walker *w, const pc_entry *e, pc_key *stem)
{
    pc_str key = key_of(w);
    if (e->form.strip >= key.len ||
        key.len - e->form.strip + e->form.add.len > PC_KEY_MAX)
        return false;
    stem->len = key.len - e->form.strip;
    memcpy(stem->bytes, key.ptr, stem->len);
    if (e->form.add.len)
        memcpy(stem->bytes + stem->len, e->form.add.ptr, e->form.add.len);
    stem->len += e->form.add.len;
    return stem->len > 1;
}

/* Two stems may have a form in common, and each field has the one where it is
   more frequent; then the numbers are of different stems. */
static bool is_same_form(const pc_entry *a, const pc_entry *b)
{
    return (b->flags & PC_ENTRY_FORM) &&
           (((a->flags | b->flags) & PC_ENTRY_SOLE) ||
            a->form.strip != b->form.strip ||
            !pc_str_eq(a->form.add, b->form.add) ||
            a->form.variant == b->form.variant);
}

/* What is in a title is in field 0, too, and has the same number there. */
static void check_twin(walker *w, const pc_entry *e)
{
    pc_key key;
    pc_entry twin = {0};
    bool found = false;
    pc_str own = key_of(w);
    memcpy(key.bytes, own.ptr, own.len);
    key.len = own.len;
    key.bytes[0] = (char)(key.bytes[0] - 1);
    int rc =
        pc_dict_find(&w->d->seg->dict, pc_key_str(&key), &found, &twin, NULL);
    if (rc || !found || (e->flags & ~twin.flags & PC_ENTRY_TERM))
        wrong(w, "it is in titles, but not in the text of title and text");
    else if ((e->flags & PC_ENTRY_FORM) && !is_same_form(e, &twin))
        wrong(w, "its number as a form in titles is not that in texts");
    else if ((e->flags & PC_ENTRY_TERM) &&
             (e->df > twin.df || e->ctf > twin.ctf))
        wrong(w, "it is in more titles than documents");
}

static void check_form(walker *w, const pc_entry *e)
{
    pc_key stem;
    pi_deep *d = w->d;
    if (!(e->flags & PC_ENTRY_FORM) || (e->flags & PC_ENTRY_SOLE))
        return;
    if (!stem_key(w, e, &stem)) {
        wrong(w, "what it says of its stem is impossible");
        return;
    }
    pi_deep_form form = {(uint32_t)w->entries, (uint16_t)e->form.variant,
                         e->form.df, e->form.ctf};
    if (pi_deep_forms_add(d->forms, pi_deep_key(pc_key_str(&stem)), form,
                          d->mem))
        pi_check_nomem(d->c);
}

/* ---- blocks ------------------------------------------------------------- */

/* Do bits that were read to their end fill their bytes, with zeros? */
static bool is_filled(const pc_bit_reader *r, const uint8_t *behind)
{
    uint64_t end = (r->bit + 7) / 8;
    unsigned over = (unsigned)(end * 8 - r->bit);
    return r->in + end == behind && (!over || !(r->in[end - 1] >> (8 - over)));
}

/* Between and behind the parts of a block there is nothing. */
static void check_fill(walker *w)
{
    const pc_termblock *b = &w->scan.block;
    const uint8_t *forms = b->places.in + b->places.end / 8;
    if (!is_filled(&b->kinds, b->kinds.in + b->kinds.end / 8) ||
        !is_filled(&b->places, forms) || !is_filled(&b->forms, b->adds) ||
        !is_filled(&b->lists, b->lists.in + b->lists.end / 8))
        wrong(w, "the block of the dictionary that it ends has more bytes "
                 "than entries");
    if (b->keys != b->keys_end)
        wrong(w, "the keys of its block do not end where they should");
}

static void check_block_start(walker *w, uint64_t block)
{
    const pc_dict *dict = &w->d->seg->dict;
    uint64_t at = pc_dict_offset(dict, block);
    pi_place place = pi_deep_place(w->d, PC_SECTION_TERM_INDEX,
                                   dict->offsets + PC_DICT_OFFSET * block);
    if (block == 0 && at != 0)
        pi_damage(w->d->c, place, "", "the dictionary does not begin at 0");
    if (block + 1 < dict->blocks && w->scan.block.n != PC_TERM_BLOCK)
        wrong(w, "its block of the dictionary has too few entries");
    place =
        pi_deep_place(w->d, PC_SECTION_TERM_INDEX, dict->prefixes + 8 * block);
    if (pc_load64le(dict->prefixes + 8 * block) != pc_key_prefix(key_of(w)))
        pi_damage(w->d->c, place, "looking up words",
                  "the first bytes of block %llu are not those of its words",
                  (unsigned long long)block);
}

static void check_entry(walker *w, pc_termblock *keys, const pc_entry *e)
{
    pc_termblock_key stored = {0};
    bool first = w->scan.block.i == 1;
    uint64_t block = w->scan.next_block - 1;
    int rc = PARASOL_OK;
    if (first)
        rc = pc_dict_block(&w->d->seg->dict, block, keys, NULL);
    if (!rc)
        rc = pc_termblock_next_key(keys, PC_KEY_MAX, 0, &stored);
    if (rc)
        wrong(w, "its key cannot be read");
    else
        check_key(w, &stored, first);
    if (first)
        check_block_start(w, block);
    check_places(w, e);
    check_form(w, e);
    if (w->scan.block.key[0] % PC_FIELD_COUNT == PC_FIELD_TITLE)
        check_twin(w, e);
    if (w->scan.block.i == w->scan.block.n)
        check_fill(w);
}

static void check_ends(walker *w)
{
    const pc_dict *dict = &w->d->seg->dict;
    const pc_lists *lists = &w->d->seg->lists;
    uint64_t end = pc_dict_offset(dict, dict->blocks);
    if (end != dict->terms.len)
        pi_damage(w->d->c,
                  pi_deep_place(w->d, PC_SECTION_TERM_INDEX, dict->offsets), "",
                  "the blocks do not fill the dictionary");
    if (w->entries != dict->entries)
        pi_damage(
            w->d->c, pi_deep_place(w->d, PC_SECTION_TERM_INDEX, dict->prefixes),
            "", "there are %llu entries, not %llu",
            (unsigned long long)w->entries, (unsigned long long)dict->entries);
    if (w->post_at != lists->postings.len)
        pi_damage(w->d->c, pi_deep_place(w->d, PC_SECTION_POSTINGS, NULL), "",
                  "the posting lists do not fill their section");
    if (w->pos_at != lists->positions.len)
        pi_damage(w->d->c, pi_deep_place(w->d, PC_SECTION_POSITIONS, NULL), "",
                  "the positions do not fill their section");
}

void pi_deep_dict(pi_deep *d)
{
    walker w = {.d = d};
    pc_termblock keys = {0};
    pc_entry e;
    parasol_error err = {0};
    int rc = PARASOL_OK;
    pc_dict_scan_init(&w.scan, &d->seg->dict);
    while (!d->c->stopped &&
           (rc = pc_dict_scan_next(&w.scan, &e, &err)) == PARASOL_OK) {
        check_entry(&w, &keys, &e);
        w.entries++;
    }
    if (rc == PARASOL_CORRUPT)
        wrong(&w, "the dictionary cannot be read behind it");
    else if (!d->c->stopped)
        check_ends(&w);
    d->lists_are_sound = rc == PARASOL_NOTFOUND;
    if (!d->c->stopped && pi_deep_forms_sort(d->forms, d->mem))
        pi_check_nomem(d->c);
}
