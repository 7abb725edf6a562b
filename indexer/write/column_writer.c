/*
 * Columns, writing side.
 */
#include "indexer/write/column_writer.h"

#include "common/base/fail.h"
#include "common/base/hash.h"
#include "common/base/ints.h"
#include "common/base/sort.h"
#include "common/codec/bitpack.h"
#include "common/codec/varint.h"
#include "common/segment/columns.h"

#define NONE UINT32_MAX
/* Bytes of the values of one column, so that offsets fit 32 bits. */
#define STRINGS_MAX ((size_t)UINT32_MAX - PC_COLUMN_VALUE_MAX)

/* ---- distinct strings --------------------------------------------------- */

static pc_str string_at(const pi_strings *s, uint32_t id)
{
    uint32_t start = id > 0 ? s->ends[id - 1] : 0;
    return (pc_str){(const char *)s->bytes.ptr + start, s->ends[id] - start};
}

static void strings_release(pi_strings *s, const pc_mem *mem)
{
    pc_buf_release(&s->bytes);
    pc_free(mem, s->ends);
    pc_free(mem, s->slots);
    *s = (pi_strings){.n = 0};
    pc_buf_init(&s->bytes, mem);
}

/* The slot of the string, or a free one. */
static uint32_t *find_slot(const pi_strings *s, pc_str str)
{
    size_t mask = s->slots_n - 1;
    size_t at = (size_t)pc_hash64(str.ptr, str.len, 0) & mask;
    while (s->slots[at] && !pc_str_eq(string_at(s, s->slots[at] - 1), str))
        at = (at + 1) & mask;
    return &s->slots[at];
}

static int grow_slots(pi_strings *s, const pc_mem *mem)
{
    size_t n = s->slots_n ? 2 * s->slots_n : 16;
    uint32_t *old = s->slots;
    uint32_t *slots = pc_zalloc(mem, n, sizeof *slots);
    if (!slots)
        return PARASOL_NOMEM;
    s->slots = slots;
    s->slots_n = n;
    for (uint32_t id = 0; id < s->n; id++)
        *find_slot(s, string_at(s, id)) = id + 1;
    pc_free(mem, old);
    return PARASOL_OK;
}

/* The number of the string, given now if it is new. NONE: out of memory. */
static uint32_t intern(pi_strings *s, pc_str str, const pc_mem *mem)
{
    if (s->n * 2 >= s->slots_n && grow_slots(s, mem))
        return NONE;
    uint32_t *slot = find_slot(s, str);
    if (*slot)
        return *slot - 1;
    pc_buf_put_str(&s->bytes, str);
    if (s->bytes.status || pc_grow(mem, (void **)&s->ends, &s->ends_cap,
                                   s->n + 1, sizeof *s->ends))
        return NONE;
    s->ends[s->n] = (uint32_t)s->bytes.len;
    *slot = (uint32_t)++s->n;
    return *slot - 1;
}

static size_t strings_memory(const pi_strings *s)
{
    return s->bytes.len + (s->n + s->slots_n) * sizeof(uint32_t);
}

static int compare_strings(uint32_t a, uint32_t b, void *strings)
{
    return pc_str_cmp(string_at(strings, a), string_at(strings, b));
}

/* The numbers in order of their strings; NULL: out of memory. */
static uint32_t *sorted(pi_strings *s, const pc_mem *mem)
{
    uint32_t *order = pc_alloc(mem, s->n, sizeof *order);
    if (!order)
        return NULL;
    for (uint32_t i = 0; i < s->n; i++)
        order[i] = i;
    if (pc_sort_u32(order, s->n, compare_strings, s, mem)) {
        pc_free(mem, order);
        return NULL;
    }
    return order;
}

/* ---- gathering ---------------------------------------------------------- */

void pi_column_writer_init(pi_column_writer *w, bool with_paths,
                           const pc_mem *mem)
{
    *w = (pi_column_writer){.mem = mem, .with_paths = with_paths};
    pc_buf_init(&w->names.bytes, mem);
}

void pi_column_writer_release(pi_column_writer *w)
{
    for (size_t i = 0; i < w->names.n && w->columns; i++) {
        pi_column *c = &w->columns[i];
        strings_release(&c->values, w->mem);
        pc_free(w->mem, c->docs);
        pc_free(w->mem, c->ids);
    }
    pc_free(w->mem, w->columns);
    strings_release(&w->names, w->mem);
    pi_column_writer_init(w, w->with_paths, w->mem);
}

size_t pi_column_memory(const pi_column_writer *w)
{
    size_t n = strings_memory(&w->names) + w->columns_cap * sizeof(pi_column);
    for (size_t i = 0; i < w->names.n; i++) {
        const pi_column *c = &w->columns[i];
        n += strings_memory(&c->values) + 2 * c->pairs * sizeof(uint32_t);
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
    if (before == PC_COLUMNS_MAX && !*find_slot(&w->names, name)) {
        w->left_out++;
        return NULL;
    }
    /* Room first: every name has its column. */
    if (pc_grow(w->mem, (void **)&w->columns, &w->columns_cap, before + 1,
                sizeof *w->columns)) {
        w->status = PARASOL_NOMEM;
        return NULL;
    }
    uint32_t id = intern(&w->names, name, w->mem);
    if (id == NONE) {
        w->status = PARASOL_NOMEM;
        return NULL;
    }
    if (w->names.n > before) {
        w->columns[id] = (pi_column){.pairs = 0};
        pc_buf_init(&w->columns[id].values.bytes, w->mem);
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
        c->pairs == INT32_MAX) {
        c->left_out++;
        return;
    }
    uint32_t id = intern(&c->values, value, w->mem);
    if (id == NONE ||
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
    return w->status;
}

/* ---- writing ------------------------------------------------------------ */

/* One column on its way into the section. */
typedef struct job {
    pi_column_writer *w;
    pc_buf entries;
    pc_buf body;
    uint64_t base;   /* of the body in the section */
    uint32_t *ranks; /* by number of a value */
    uint32_t *packed;
} job;

/* Values in order, front-coded; fills the ranks. */
static int put_values(job *j, pi_column *c)
{
    uint32_t *order = sorted(&c->values, j->w->mem);
    pc_str last = PC_STR_LIT("");
    if (!order)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < c->values.n; i++) {
        pc_str s = string_at(&c->values, order[i]);
        size_t shared = 0;
        while (shared < s.len && shared < last.len &&
               s.ptr[shared] == last.ptr[shared])
            shared++;
        pc_varint_append(&j->body, shared);
        pc_varint_append(&j->body, s.len - shared);
        pc_buf_put(&j->body, s.ptr + shared, s.len - shared);
        j->ranks[order[i]] = i;
        last = s;
    }
    pc_free(j->w->mem, order);
    return j->body.status;
}

static bool is_self(const job *j, const pi_column *c)
{
    if (c->many || c->pairs != j->w->docs || c->values.n != c->pairs)
        return false;
    for (size_t i = 0; i < c->pairs; i++)
        if (j->ranks[c->ids[i]] != i)
            return false;
    return true;
}

/* The form that takes the least room. */
static enum pc_column_form choose_form(const job *j, const pi_column *c)
{
    if (is_self(j, c))
        return PC_COLUMN_SELF;
    uint64_t width = pc_bits32((uint32_t)c->values.n);
    if (c->many || c->pairs * (32 + width) < (uint64_t)j->w->docs * width)
        return PC_COLUMN_SPARSE;
    return PC_COLUMN_DENSE;
}

static int pack(job *j, uint32_t n, unsigned width)
{
    size_t bytes = pc_bitpack_bytes(n, width);
    uint8_t *to = pc_buf_reserve(&j->body, bytes);
    if (!to)
        return PARASOL_NOMEM;
    pc_bitpack_put(to, j->packed, n, width);
    j->body.len += bytes;
    return PARASOL_OK;
}

static int put_ranks(job *j, const pi_column *c, enum pc_column_form form,
                     unsigned *width)
{
    uint32_t n = (uint32_t)c->pairs;
    *width = 0;
    if (form == PC_COLUMN_SELF)
        return PARASOL_OK;
    if (form == PC_COLUMN_SPARSE) {
        for (uint32_t i = 0; i < n; i++) {
            pc_buf_put_u32(&j->body, c->docs[i]);
            j->packed[i] = j->ranks[c->ids[i]];
        }
        *width = pc_bits32((uint32_t)c->values.n - 1);
        return pack(j, n, *width);
    }
    memset(j->packed, 0, j->w->docs * sizeof *j->packed);
    for (uint32_t i = 0; i < n; i++)
        j->packed[c->docs[i]] = j->ranks[c->ids[i]] + 1;
    *width = pc_bits32((uint32_t)c->values.n);
    return pack(j, j->w->docs, *width);
}

static int put_column(job *j, uint32_t name_off, pc_str name, pi_column *c)
{
    pi_column_writer *w = j->w;
    size_t room = c->pairs > w->docs ? c->pairs : w->docs;
    unsigned width = 0;
    uint64_t strings = j->base + j->body.len;
    j->ranks = pc_alloc(w->mem, c->values.n, sizeof *j->ranks);
    j->packed = pc_alloc(w->mem, room, sizeof *j->packed);
    int rc = j->ranks && j->packed ? put_values(j, c) : PARASOL_NOMEM;
    uint64_t ranks = j->base + j->body.len;
    enum pc_column_form form = PC_COLUMN_DENSE;
    if (!rc) {
        form = choose_form(j, c);
        rc = put_ranks(j, c, form, &width);
    }
    pc_free(w->mem, j->ranks);
    pc_free(w->mem, j->packed);
    if (rc)
        return rc;
    pc_buf_put_u32(&j->entries, name_off);
    pc_buf_put_u8(&j->entries, (uint8_t)name.len);
    pc_buf_put_u8(&j->entries, (uint8_t)form);
    pc_buf_put_u8(&j->entries, (uint8_t)width);
    pc_buf_put_u8(&j->entries, 0);
    pc_buf_put_u32(&j->entries, (uint32_t)c->values.n);
    pc_buf_put_u32(&j->entries, (uint32_t)c->pairs);
    pc_buf_put_u32(&j->entries, c->left_out);
    pc_buf_put_u32(&j->entries, (uint32_t)(ranks - strings));
    pc_buf_put_u64(&j->entries, strings);
    pc_buf_put_u64(&j->entries, ranks);
    pc_buf_put_u64(&j->entries, 0);
    return PARASOL_OK;
}

/* Columns without a value are not written: of all their values were left out,
   which counts with those that have no column. */
static size_t count_columns(pi_column_writer *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->names.n; i++) {
        n += w->columns[i].pairs > 0;
        if (w->columns[i].pairs == 0)
            w->left_out += w->columns[i].left_out;
    }
    return n;
}

static int put_columns(job *j, const uint32_t *order, size_t n)
{
    pi_column_writer *w = j->w;
    j->base = PC_COLUMNS_HEAD + (uint64_t)n * PC_COLUMN_ENTRY;
    for (size_t i = 0; i < w->names.n; i++) {
        pi_column *c = &w->columns[order[i]];
        if (c->pairs == 0)
            continue;
        uint32_t off = (uint32_t)(j->base + j->body.len);
        pc_str name = string_at(&w->names, order[i]);
        if (j->base + j->body.len > UINT32_MAX)
            return PARASOL_NOMEM;
        pc_buf_put_str(&j->body, name);
        int rc = put_column(j, off, name, c);
        if (rc)
            return rc;
    }
    return j->entries.status ? j->entries.status : j->body.status;
}

int pi_column_finish(pi_column_writer *w, pi_out *out, parasol_error *err)
{
    job j = {.w = w};
    pc_buf_init(&j.entries, w->mem);
    pc_buf_init(&j.body, w->mem);
    uint32_t *order = sorted(&w->names, w->mem);
    size_t n = count_columns(w);
    int rc = order && !w->status ? put_columns(&j, order, n) : PARASOL_NOMEM;
    if (!rc) {
        pi_out_begin(out, PC_SECTION_COLUMNS);
        pi_out_put_u32(out, (uint32_t)n);
        pi_out_put_u32(out, w->left_out);
        pi_out_put_u64(out, 0);
        pi_out_put(out, j.entries.ptr, j.entries.len);
        pi_out_put(out, j.body.ptr, j.body.len);
    }
    pc_free(w->mem, order);
    pc_buf_release(&j.entries);
    pc_buf_release(&j.body);
    pi_column_writer_release(w);
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
}
