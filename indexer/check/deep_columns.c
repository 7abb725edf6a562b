/*
 * Columns.
 */
#include "indexer/check/deep_columns.h"

static uint64_t name_key(pc_str name)
{
    return pc_hash64(name.ptr, name.len, 1);
}

static uint64_t pair_key(uint64_t name, pc_str value)
{
    return pc_hash64(value.ptr, value.len, name);
}

static void wrong(pi_deep_columns *k, const pc_column *x, const char *what)
{
    pc_buf say;
    pc_buf_init(&say, k->d->mem);
    pc_buf_put_fmt(&say, "filters by \"%.*s\"", PC_STR_ARG(x->name));
    pc_buf_put_u8(&say, 0);
    pi_damage(
        k->d->c,
        pi_deep_place(k->d, PC_SECTION_COLUMNS, (const uint8_t *)x->name.ptr),
        say.status ? "filters" : (const char *)say.ptr, "%s", what);
    pc_buf_release(&say);
}

/* ---- columns ------------------------------------------------------------ */

/* The hashes of all values with the name, by rank; NULL: out of memory, or
   damage that was told. */
static uint64_t *read_values(pi_deep_columns *k, const pc_column *x)
{
    pc_column_scan scan;
    pc_str value;
    char before[PC_COLUMN_VALUE_MAX];
    size_t before_len = 0;
    uint32_t rank;
    uint64_t name = name_key(x->name);
    uint64_t *keys = pc_alloc(k->d->mem, x->values, sizeof *keys);
    if (!keys)
        pi_check_nomem(k->d->c);
    pc_column_scan_init(&scan, x);
    for (uint32_t i = 0; keys && i < x->values; i++) {
        const char *what = NULL;
        if (pc_column_scan_next(&scan, &value, &rank, NULL))
            what = "its values cannot be read";
        else if (i > 0 && pc_str_cmp((pc_str){before, before_len}, value) >= 0)
            what = "its values are not in order";
        if (what) {
            wrong(k, x, what);
            pc_free(k->d->mem, keys);
            return NULL;
        }
        keys[i] = pair_key(name, value);
        memcpy(before, value.ptr, value.len);
        before_len = value.len;
    }
    if (keys && scan.at != x->strings_end)
        wrong(k, x, "there are bytes behind its values");
    return keys;
}

/* Adds the value of rank r to a document; false if there is none. */
static bool add(pi_deep_columns *k, const pc_column *x, const uint64_t *keys,
                uint32_t doc, uint32_t r)
{
    if (r >= x->values)
        return false;
    k->sums[doc] += keys[r];
    return true;
}

static void read_ranks(pi_deep_columns *k, const pc_column *x,
                       const uint64_t *keys)
{
    uint32_t docs = k->d->docs, pairs = 0;
    bool sound = true;
    if (x->form == PC_COLUMN_SPARSE) {
        for (uint32_t i = 0; i < x->pairs && sound; i++, pairs++)
            sound = add(k, x, keys, pc_column_doc(x, i),
                        pc_bitpack_at(x->ranks, i, x->width));
    } else {
        bool self = x->form == PC_COLUMN_SELF;
        for (uint32_t doc = 0; doc < docs && sound; doc++) {
            uint32_t r =
                self ? doc + 1 : pc_bitpack_at(x->ranks, doc, x->width);
            if (r == 0)
                continue;
            pairs++;
            sound = add(k, x, keys, doc, r - 1);
        }
    }
    if (!sound)
        wrong(k, x, "a document has a value that there is not");
    else if (pairs != x->pairs)
        wrong(k, x, "it has another number of values than is said");
}

/* Reserved bytes of the section's head and of its entries. */
static void check_zeros(pi_deep_columns *k)
{
    const pc_columns *all = &k->d->seg->columns;
    const uint8_t *p = all->section.ptr;
    bool zero = pc_load64le(p + 8) == 0;
    p += PC_COLUMNS_HEAD;
    for (uint32_t i = 0; i < all->n; i++, p += PC_COLUMN_ENTRY)
        zero = zero && p[7] == 0 && pc_load64le(p + 40) == 0;
    if (!zero)
        pi_damage(k->d->c, pi_deep_place(k->d, PC_SECTION_COLUMNS, NULL), "",
                  "reserved bytes are not zero");
}

void pi_deep_columns_end(pi_deep_columns *k)
{
    const pc_columns *all = &k->d->seg->columns;
    uint64_t said = all->left_out;
    pc_column x;
    if (!k->sums || all->n == PC_COLUMNS_MAX)
        return;
    for (uint32_t i = 0; i < all->n; i++) {
        if (pc_columns_at(all, i, &x, NULL) == PARASOL_OK)
            said += x.left_out;
    }
    if (said != k->too_long)
        pi_damage(k->d->c, pi_deep_place(k->d, PC_SECTION_COLUMNS, NULL),
                  "what is said of values that filters do not know",
                  "%llu values are too long for columns, not %llu",
                  (unsigned long long)k->too_long, (unsigned long long)said);
}

static void read_columns(pi_deep_columns *k)
{
    const pc_columns *all = &k->d->seg->columns;
    pc_str before = {"", 0};
    check_zeros(k);
    for (uint32_t i = 0; i < all->n && !k->d->c->stopped; i++) {
        pc_column x;
        if (pc_columns_at(all, i, &x, NULL)) {
            pi_damage(k->d->c, pi_deep_place(k->d, PC_SECTION_COLUMNS, NULL),
                      "filters", "column %u cannot be read", i);
            continue;
        }
        if (i > 0 && pc_str_cmp(before, x.name) >= 0)
            wrong(k, &x, "its name does not stand behind the one before");
        before = x.name;
        uint64_t *keys = read_values(k, &x);
        if (keys)
            read_ranks(k, &x, keys);
        pc_free(k->d->mem, keys);
    }
}

void pi_deep_columns_init(pi_deep_columns *k, pi_deep *d)
{
    *k = (pi_deep_columns){.d = d};
    if (d->seg->columns.section.len == 0)
        return;
    k->sums = pc_zalloc(d->mem, d->docs, sizeof *k->sums);
    if (k->sums)
        read_columns(k);
    else
        pi_check_nomem(d->c);
}

void pi_deep_columns_release(pi_deep_columns *k)
{
    pc_free(k->d->mem, k->sums);
    pc_free(k->d->mem, k->pairs);
}

/* ---- fields ------------------------------------------------------------- */

/* The name as a query can write it; 0: it has no column. */
static size_t plain_name(char out[PC_COLUMN_NAME_MAX], pc_str name)
{
    static const char kept[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (name.len > PC_COLUMN_NAME_MAX)
        return 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool keep = (uint8_t)c >= 0x80 || (c && strchr(kept, c));
        out[i] = keep ? c : '-';
    }
    return name.len;
}

/* Is there a column for it? There are no more than so many, and none of the
   paths in an index that was made without a list of its ids. */
static bool has_column(const pi_deep_columns *k, pc_str name)
{
    const pc_columns *all = &k->d->seg->columns;
    pc_column x;
    bool found = true;
    bool may_lack =
        all->n == PC_COLUMNS_MAX || pc_str_eq(name, PC_STR_LIT("path"));
    if (may_lack && pc_columns_find(all, name, &found, &x, NULL))
        return false;
    return found;
}

/* The pairs of a document, each once, as a sum. */
static uint64_t sum_pairs(pi_deep_columns *k, size_t n)
{
    uint64_t sum = 0;
    if (n > 1 && pc_sort_keys(k->pairs, n, k->d->mem))
        pi_check_nomem(k->d->c);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || k->pairs[i].key != k->pairs[i - 1].key)
            sum += k->pairs[i].key;
    }
    return sum;
}

void pi_deep_columns_document(pi_deep_columns *k, uint32_t doc,
                              const pc_field *fields, size_t n)
{
    char plain[PC_COLUMN_NAME_MAX];
    size_t pairs = 0;
    if (!k->sums)
        return;
    if (pc_grow(k->d->mem, (void **)&k->pairs, &k->pairs_cap, n,
                sizeof *k->pairs)) {
        pi_check_nomem(k->d->c);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        pc_str name = {plain, plain_name(plain, fields[i].name)};
        pc_str value = fields[i].value;
        if (name.len == 0 || value.len == 0 ||
            pc_str_eq(name, PC_STR_LIT("title")))
            continue;
        k->too_long += value.len > PC_COLUMN_VALUE_MAX;
        if (value.len > PC_COLUMN_VALUE_MAX || !has_column(k, name))
            continue;
        k->pairs[pairs++] = (pc_sort_item){pair_key(name_key(name), value), 0};
    }
    if (sum_pairs(k, pairs) != k->sums[doc])
        pi_deep_document(k->d, PC_SECTION_COLUMNS, NULL, doc,
                         "its columns are not its fields");
}
