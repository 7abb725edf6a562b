/*
 * Columns, writing side: gathering. What has no room in memory is spilled.
 */
#include "indexer/write/column_writer.h"

#include "common/base/ints.h"
#include "common/segment/columns.h"

/* Bytes of the values of one column, so that offsets fit 32 bits. */
#define STRINGS_MAX ((size_t)UINT32_MAX - PC_COLUMN_VALUE_MAX)
/* Spilling comes first. */
#define LIMIT_MAX ((size_t)1 << 30)

void pi_column_writer_init(pi_column_writer *w, bool with_paths,
                           const pc_mem *mem)
{
    *w = (pi_column_writer){
        .mem = mem, .with_paths = with_paths, .limit = SIZE_MAX};
    pi_strings_init(&w->names, mem);
    pi_spool_init(&w->spilled, NULL, SIZE_MAX, mem);
}

void pi_column_writer_spill(pi_column_writer *w, const char *dir, size_t limit,
                            size_t spool)
{
    w->limit = limit < LIMIT_MAX ? limit : LIMIT_MAX;
    pi_spool_init(&w->spilled, dir, spool, w->mem);
}

static void forget_pairs(pi_column *c, const pc_mem *mem)
{
    pi_strings_release(&c->values);
    pc_free(mem, c->docs);
    pc_free(mem, c->ids);
    c->docs = c->ids = NULL;
    c->pairs = c->docs_cap = c->ids_cap = 0;
}

void pi_column_writer_release(pi_column_writer *w)
{
    for (size_t i = 0; i < w->names.n && w->columns; i++) {
        forget_pairs(&w->columns[i], w->mem);
        pi_value_runs_release(&w->columns[i].runs);
    }
    pc_free(w->mem, w->columns);
    pi_strings_release(&w->names);
    pi_spool_release(&w->spilled);
    pi_column_writer old = *w;
    pi_column_writer_init(w, old.with_paths, old.mem);
    w->limit = old.limit;
    w->spilled = old.spilled; /* empty, with its folder and its limit */
}

size_t pi_column_memory(const pi_column_writer *w)
{
    size_t n =
        pi_strings_memory(&w->names) + w->columns_cap * sizeof(pi_column);
    for (size_t i = 0; i < w->names.n; i++) {
        const pi_column *c = &w->columns[i];
        n += pi_strings_memory(&c->values) + 2 * c->pairs * sizeof(uint32_t);
    }
    return n;
}

/* The name as a query can write it: ASCII letters small, and a hyphen for
   what no name holds. 0: it is not one. */
static size_t plain_name(char out[PC_COLUMN_NAME_MAX], pc_str name)
{
    if (name.len > PC_COLUMN_NAME_MAX)
        return 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '_' || (uint8_t)c >= 0x80;
        out[i] = plain ? c : '-';
    }
    return name.len;
}

/* The column of that name, made if it is new; NULL: no room for it, or out
   of memory, which is kept. */
static pi_column *column_of(pi_column_writer *w, pc_str name)
{
    size_t before = w->names.n;
    if (before == PC_COLUMNS_MAX && !pi_strings_has(&w->names, name)) {
        w->left_out++;
        return NULL;
    }
    /* Room first: every name has its column. */
    if (pc_grow(w->mem, (void **)&w->columns, &w->columns_cap, before + 1,
                sizeof *w->columns)) {
        w->status = PARASOL_NOMEM;
        return NULL;
    }
    uint32_t id = pi_strings_put(&w->names, name);
    if (id == PI_NO_STRING) {
        w->status = PARASOL_NOMEM;
        return NULL;
    }
    if (w->names.n > before) {
        w->columns[id] = (pi_column){.pairs = 0};
        pi_strings_init(&w->columns[id].values, w->mem);
        pi_value_runs_init(&w->columns[id].runs, &w->spilled, w->mem);
    }
    return &w->columns[id];
}

static bool has_pair(const pi_column *c, uint32_t doc, uint32_t id)
{
    for (size_t i = c->pairs; i-- > 0 && c->docs[i] == doc;)
        if (c->ids[i] == id)
            return true;
    return false;
}

static void add_value(pi_column_writer *w, pi_column *c, pc_str value)
{
    if (value.len > PC_COLUMN_VALUE_MAX || c->values.bytes.len > STRINGS_MAX ||
        c->spilled + c->pairs == INT32_MAX) {
        c->left_out++;
        return;
    }
    uint32_t id = pi_strings_put(&c->values, value);
    if (id == PI_NO_STRING ||
        pc_grow(w->mem, (void **)&c->docs, &c->docs_cap, c->pairs + 1,
                sizeof *c->docs) ||
        pc_grow(w->mem, (void **)&c->ids, &c->ids_cap, c->pairs + 1,
                sizeof *c->ids)) {
        w->status = PARASOL_NOMEM;
        return;
    }
    if (has_pair(c, w->docs, id))
        return;
    c->many |= c->pairs > 0 && c->docs[c->pairs - 1] == w->docs;
    c->docs[c->pairs] = w->docs;
    c->ids[c->pairs++] = id;
}

/* The values and pairs of a column become a run. */
static int spill_column(pi_column_writer *w, pi_column *c)
{
    uint32_t *order = pi_strings_sorted(&c->values);
    uint32_t *ranks = pc_alloc(w->mem, c->values.n, sizeof *ranks);
    int rc = order && ranks ? pi_value_runs_begin(&c->runs) : PARASOL_NOMEM;
    for (uint32_t i = 0; !rc && i < c->values.n; i++) {
        pi_value_runs_value(&c->runs, pi_strings_at(&c->values, order[i]));
        ranks[order[i]] = i;
    }
    for (size_t i = 0; !rc && i < c->pairs; i++)
        pi_value_runs_pair(&c->runs, c->docs[i], ranks[c->ids[i]]);
    pc_free(w->mem, order);
    pc_free(w->mem, ranks);
    if (!rc) {
        c->spilled += c->pairs;
        forget_pairs(c, w->mem);
    }
    return rc;
}

int pi_column_spill(pi_column_writer *w)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < w->names.n; i++) {
        if (w->columns[i].pairs > 0)
            rc = spill_column(w, &w->columns[i]);
    }
    return rc;
}

int pi_column_add(pi_column_writer *w, const pc_field *fields, size_t n)
{
    char plain[PC_COLUMN_NAME_MAX];
    for (size_t i = 0; i < n && !w->status; i++) {
        pc_str name = {plain, plain_name(plain, fields[i].name)};
        if (name.len == 0 || fields[i].value.len == 0 ||
            pc_str_eq(name, PC_STR_LIT("title")) ||
            (!w->with_paths && pc_str_eq(name, PC_STR_LIT("path"))))
            continue;
        pi_column *c = column_of(w, name);
        if (c)
            add_value(w, c, fields[i].value);
    }
    w->docs++;
    if (!w->status && pi_column_memory(w) > w->limit)
        w->status = pi_column_spill(w);
    return w->status;
}
