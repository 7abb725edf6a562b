/*
 * Segments made again.
 */
#include "indexer/rebuild.h"

#include "common/base/fail.h"
#include "common/format/name.h"
#include "common/os/file.h"
#include "indexer/merge/merge.h"

/* The part of a description of an analysis that names the language. */
#define LANGUAGE " lang/"

/* ---- the temporary index ------------------------------------------------ */

/* Removes the folder with the files in it. */
static void remove_folder(const pi_rebuild *r)
{
    pc_arena arena;
    pc_buf path;
    pc_str *names = NULL;
    size_t n = 0;
    pc_arena_init(&arena, r->mem, 0);
    pc_buf_init(&path, r->mem);
    if (pc_dir_list(&names, &n, r->tmp, &arena, NULL) == PARASOL_OK) {
        for (size_t i = 0; i < n; i++) {
            pc_buf_clear(&path);
            pc_buf_put_fmt(&path, "%s/%s", r->tmp, names[i].ptr);
            pc_buf_put_u8(&path, 0);
            if (!path.status)
                (void)pc_file_unlink((const char *)path.ptr, NULL);
        }
        (void)pc_dir_remove(r->tmp, NULL);
    }
    pc_buf_release(&path);
    pc_arena_release(&arena);
}

static char *copy(const pc_mem *mem, const char *a, const char *b, size_t b_len)
{
    size_t a_len = strlen(a);
    char *p = pc_alloc(mem, a_len + b_len + 1, 1);
    if (!p)
        return NULL;
    memcpy(p, a, a_len);
    memcpy(p + a_len, b, b_len);
    p[a_len + b_len] = 0;
    return p;
}

/* The language of an analysis; "english" if it says none. */
static pc_str language_of(pc_str spec)
{
    pc_str mark = PC_STR_LIT(LANGUAGE);
    for (size_t i = 0; i + mark.len < spec.len; i++) {
        if (memcmp(spec.ptr + i, mark.ptr, mark.len) == 0)
            return (pc_str){spec.ptr + i + mark.len, spec.len - i - mark.len};
    }
    return PC_STR_LIT("english");
}

int pi_rebuild_init(pi_rebuild *r, const char *dir, pc_str spec,
                    const parasol_repair_options *o, const pc_mem *mem,
                    parasol_error *err)
{
    static const char name[] = "/" PI_REBUILD_NAME;
    pc_str language = language_of(spec);
    *r =
        (pi_rebuild){.mem = mem, .dir = dir, .o = PARASOL_INDEXER_OPTIONS_INIT};
    r->o.alloc = o->alloc;
    r->o.jobs = o->jobs;
    r->dry = o->dry_run;
    r->o.memory = o->memory;
    r->tmp = copy(mem, dir, name, sizeof name - 1);
    r->language = copy(mem, "", language.ptr, language.len);
    if (!r->tmp || !r->language)
        return pc_fail_nomem(err);
    r->o.language = r->language;
    if (!r->dry)
        remove_folder(r);
    return PARASOL_OK;
}

void pi_rebuild_release(pi_rebuild *r)
{
    parasol_indexer_close(r->w);
    if (r->tmp && !r->dry)
        remove_folder(r);
    pc_free(r->mem, r->tmp);
    pc_free(r->mem, r->language);
    pc_free(r->mem, r->meta);
    *r = (pi_rebuild){.mem = r->mem};
}

int pi_rebuild_begin(pi_rebuild *r, bool store_text, parasol_error *err)
{
    r->o.store_text = store_text;
    r->documents = 0;
    if (r->dry)
        return PARASOL_OK;
    return parasol_indexer_open(&r->w, r->tmp, &r->o, err);
}

/* ---- documents ---------------------------------------------------------- */

int pi_rebuild_document(pi_rebuild *r, const pc_field *fields, size_t n,
                        pc_str text, parasol_error *err)
{
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    size_t more = n - PC_STORE_FIELDS_MIN;
    if (r->dry) {
        r->documents++;
        return PARASOL_OK;
    }
    if (pc_grow(r->mem, (void **)&r->meta, &r->meta_cap, more, sizeof *r->meta))
        return pc_fail_nomem(err);
    for (size_t i = 0; i < more; i++) {
        const pc_field *f = &fields[i + PC_STORE_FIELDS_MIN];
        r->meta[i] = (parasol_meta){f->name.ptr, f->value.ptr};
    }
    doc.id = fields[0].value.ptr;
    doc.title = fields[1].value.ptr;
    doc.date = fields[2].value.ptr;
    doc.text = text.ptr;
    doc.text_len = text.len;
    doc.meta = r->meta;
    doc.meta_count = more;
    int rc = parasol_indexer_add(r->w, &doc, err);
    r->documents += !rc;
    return rc;
}

/* ---- the segment -------------------------------------------------------- */

typedef struct sources {
    const pc_mem *mem;
    pc_seg **segs;
    pi_merge_source *list;
    size_t n;
} sources;

static int open_sources(sources *s, const pi_rebuild *r, const pc_manifest *m,
                        parasol_error *err)
{
    pc_buf path;
    int rc = PARASOL_OK;
    *s = (sources){.mem = r->mem};
    s->segs = pc_zalloc(r->mem, m->n_segments, sizeof(pc_seg *));
    s->list = pc_zalloc(r->mem, m->n_segments, sizeof *s->list);
    if (!s->segs || !s->list)
        return pc_fail_nomem(err);
    pc_buf_init(&path, r->mem);
    for (size_t i = 0; !rc && i < m->n_segments; i++) {
        const char *name = pc_name_path(&path, r->tmp, PC_NAME_SEGMENT,
                                        m->segments[i].number, "", err);
        rc = name ? pc_seg_open(&s->segs[i], name, r->mem, err) : PARASOL_NOMEM;
        if (rc)
            break;
        s->list[i].seg = s->segs[i];
        s->n++;
    }
    pc_buf_release(&path);
    return rc;
}

static void close_sources(sources *s)
{
    for (size_t i = 0; i < s->n; i++)
        pc_seg_close(s->segs[i]);
    pc_free(s->mem, s->segs);
    pc_free(s->mem, s->list);
}

static int merge(const pi_rebuild *r, const sources *s, pc_manifest *next,
                 pc_manifest_segment *entry, parasol_error *err)
{
    pc_buf path;
    pi_out *out;
    pi_merge_options o = {.dir = r->dir, .memory = (size_t)r->o.memory};
    *entry = (pc_manifest_segment){.number = next->next_segment};
    pc_buf_init(&path, r->mem);
    const char *name =
        pc_name_path(&path, r->dir, PC_NAME_SEGMENT, entry->number, "", err);
    int rc = name ? pi_out_create(&out, name, PC_KIND_SEGMENT, entry->number,
                                  r->mem, err)
                  : PARASOL_NOMEM;
    pc_buf_release(&path);
    if (rc)
        return rc;
    rc = pi_merge(s->list, s->n, &o, out, &entry->docs, r->mem, err);
    if (rc) {
        pi_out_abort(out);
        return rc;
    }
    next->next_segment++;
    return pi_out_finish(out, &entry->file_bytes, &entry->trailer_crc, err);
}

int pi_rebuild_end(pi_rebuild *r, pc_manifest *next, pc_manifest_segment *entry,
                   pc_manifest *made, parasol_error *err)
{
    pc_manifest m;
    sources s = {.mem = r->mem};
    *entry = (pc_manifest_segment){0};
    if (r->dry)
        return PARASOL_OK;
    pc_manifest_init(&m, r->mem);
    int rc = parasol_indexer_commit(r->w, NULL, err);
    parasol_indexer_close(r->w);
    r->w = NULL;
    if (!rc)
        rc = pc_manifest_newest(r->tmp, &m, r->mem, err);
    if (!rc && made) {
        made->fingerprint = m.fingerprint;
        rc = pc_manifest_set_spec(made, m.analyzer_spec, err);
    }
    if (!rc && r->documents > 0) {
        rc = open_sources(&s, r, &m, err);
        if (!rc)
            rc = merge(r, &s, next, entry, err);
        close_sources(&s);
    }
    pc_manifest_release(&m);
    remove_folder(r);
    return rc;
}
