/*
 * parasol_check: the files of a commit, one after the other, and what else is
 * in the directory.
 */
#include <stdio.h>

#include <parasol/check.h>

#include "common/base/fail.h"
#include "common/format/log_line.h"
#include "common/os/file.h"
#include "common/segment/live.h"
#include "indexer/check/affects.h"
#include "indexer/check/deep.h"
#include "indexer/check/members.h"

#define LOG_MAX ((uint64_t)1 << 30) /* bytes that are looked at */

/* ---- one file ----------------------------------------------------------- */

/* What cannot be trusted when a small file is damaged. */
static const char *affected(const pi_member *m)
{
    switch (m->kind) {
    case PC_KIND_SKIPS: return "the list of files that are not searchable";
    case PC_KIND_LIVE:
        return "which documents of the segment are deleted; no search is "
               "possible";
    case PC_KIND_FILES:
        return "the catalog of the folder: the next run of indexing has to "
               "read all files again";
    default: return "everything in the file";
    }
}

/* Does the file fit what the manifest says of it? */
static void check_identity(pi_members *x, const pi_member *m)
{
    const char *what = NULL;
    pi_place at = {m->name, "", PARASOL_NO_OFFSET, 0};
    if (m->is_named && m->bytes.map.len != m->file_bytes)
        what = "it has another length than the manifest says";
    else if (m->is_named && m->bytes.has_layout &&
             m->bytes.trailer_crc != m->trailer_crc)
        what = "it is not the file that the manifest names";
    else if (m->bytes.has_ends && m->bytes.number != m->number)
        what = "the number in it is not that of its name";
    if (what)
        pi_damage(x->c, at, affected(m), "%s", what);
}

/* Tells of the bad pages of a file, with what they hold. */
static void tell_pages(pi_members *x, const pi_member *m, const pc_seg *seg)
{
    pi_victim v = {&m->bytes, seg, m->entry ? m->entry->docs : 0};
    pc_buf sections, affects;
    pc_buf_init(&sections, x->c->mem);
    pc_buf_init(&affects, x->c->mem);
    for (size_t i = 0; i < m->bytes.n_bad && !x->c->stopped; i++) {
        pi_extent at = m->bytes.bad[i];
        pc_buf_clear(&sections);
        pc_buf_clear(&affects);
        if (m->kind == PC_KIND_SEGMENT)
            pi_affects(&v, at, &sections, &affects);
        else
            pc_buf_put_z(&affects, affected(m));
        pc_buf_put_u8(&sections, 0);
        pc_buf_put_u8(&affects, 0);
        if (sections.status || affects.status) {
            pi_check_nomem(x->c);
            break;
        }
        pi_damage(
            x->c,
            (pi_place){m->name, (const char *)sections.ptr, at.off, at.len},
            (const char *)affects.ptr, "%llu %s a wrong checksum",
            (unsigned long long)(at.len / PC_PAGE_SIZE),
            at.len > PC_PAGE_SIZE ? "pages have" : "page has");
    }
    pc_buf_release(&sections);
    pc_buf_release(&affects);
}

static int open_segment(pi_members *x, const pi_member *m, pc_seg **out,
                        parasol_error *err)
{
    pc_sealed *file = NULL;
    int rc = pc_home_sealed(&x->home, &file, m->of, m->number, err);
    return rc ? rc : pc_seg_take(out, file, x->c->mem, err);
}

/* What a writer has removed since the file was mapped. */
static void tell_gone(pi_members *x, const pi_member *m)
{
    pi_note(x->c, m->name,
            "a writer has made another commit meanwhile: its bytes were "
            "checked, but not what they say");
}

static void deep_segment(pi_members *x, const pi_member *m, const pc_seg *seg)
{
    pc_live live;
    parasol_error err = {0};
    /* What is wrong with it is told with its own file. */
    int rc = pc_live_read_home(&live, &x->home, m->entry, x->c->mem, &err);
    if (rc == PARASOL_NOMEM)
        pi_check_nomem(x->c);
    pi_deep_words words = {x->manifest.analyzer_spec, x->manifest.fingerprint};
    pi_deep_segment(x->c, seg, m->name, words, rc ? NULL : live.alive);
    pc_live_release(&live);
}

static void check_segment(pi_members *x, pi_member *m)
{
    parasol_error err = {0};
    pc_seg *seg = NULL;
    pi_place at = {m->name, "META", PARASOL_NO_OFFSET, 0};
    int rc =
        m->bytes.has_ends ? open_segment(x, m, &seg, &err) : PARASOL_CORRUPT;
    if (rc == PARASOL_NOMEM)
        pi_check_nomem(x->c);
    else if (rc == PARASOL_IO) /* too many open files, say: no damage */
        pi_check_stop(x->c, rc, &err);
    if (m->bytes.n_bad > 0)
        tell_pages(x, m, seg);
    else if (rc == PARASOL_NOTFOUND)
        tell_gone(x, m);
    else if (rc && m->bytes.damages == 0 && !x->c->stopped)
        pi_damage(x->c, at, "the whole segment", "%s", err.message);
    else if (seg && m->entry && seg->docs != m->entry->docs)
        pi_damage(x->c, at, "", "it has %u documents, and %u by the manifest",
                  seg->docs, m->entry->docs);
    if (seg && m->bytes.damages == 0 && x->c->o.deep && m->entry &&
        seg->docs == m->entry->docs)
        deep_segment(x, m, seg);
    pc_seg_close(seg);
}

static void check_live(pi_members *x, const pi_member *m)
{
    pc_live live;
    parasol_error err = {0};
    if (!m->entry || !m->bytes.has_ends || m->bytes.damages)
        return;
    int rc = pc_live_read_home(&live, &x->home, m->entry, x->c->mem, &err);
    if (rc == PARASOL_NOMEM)
        pi_check_nomem(x->c);
    else if (rc == PARASOL_NOTFOUND)
        tell_gone(x, m);
    else if (rc == PARASOL_CORRUPT)
        pi_damage(x->c, (pi_place){m->name, "LIVE", PARASOL_NO_OFFSET, 0},
                  affected(m), "%s", err.message);
    else if (rc)
        pi_check_stop(x->c, rc, &err);
    pc_live_release(&live);
}

static void tell_missing(pi_members *x, const pi_member *m)
{
    char affects[80] = "";
    if (m->kind == PC_KIND_SEGMENT && m->entry)
        (void)snprintf(affects, sizeof affects,
                       "all %u documents of the segment", m->entry->docs);
    pi_damage(x->c, (pi_place){m->name, "", PARASOL_NO_OFFSET, 0},
              affects[0] ? affects : affected(m), "the file is missing");
}

static void check_member(pi_members *x, pi_member *m)
{
    if (m->is_missing) {
        tell_missing(x, m);
        return;
    }
    x->c->info.files++;
    x->c->info.bytes += m->bytes.map.len;
    check_identity(x, m);
    pi_bytes_check(&m->bytes, m->kind, x->c);
    if (m->kind == PC_KIND_SEGMENT)
        check_segment(x, m);
    else if (m->bytes.n_bad > 0)
        tell_pages(x, m, NULL);
    if (m->kind == PC_KIND_LIVE)
        check_live(x, m);
    if (!x->c->o.deep || !m->bytes.has_ends || m->bytes.damages)
        return;
    if (m->kind == PC_KIND_SKIPS)
        pi_deep_skips(x->c, &m->bytes, m->name);
    if (m->kind == PC_KIND_FILES && x->has_manifest && !x->home.pack &&
        pi_deep_files(x->c, &x->manifest, m->name))
        tell_gone(x, m);
}

/* ---- the log ------------------------------------------------------------ */

/* Lines are no part of a commit: what is wrong with them is a note. */
static void check_lines(pi_members *x, pc_str text)
{
    uint64_t number = 0, commit = 0;
    while (text.len > 0 && !x->c->stopped) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        pc_log_line line;
        number++;
        if (!end)
            pi_note(x->c, PC_LOG_NAME, "line %llu is cut short",
                    (unsigned long long)number);
        else if (!pc_log_line_get(&line, (pc_str){text.ptr, len}))
            pi_note(x->c, PC_LOG_NAME, "line %llu is damaged",
                    (unsigned long long)number);
        else
            commit = line.commit;
        len += end != NULL;
        text = (pc_str){text.ptr + len, text.len - len};
    }
    if (x->has_manifest && commit != x->manifest.commit)
        pi_note(x->c, PC_LOG_NAME, "its last line is not about commit %llu",
                (unsigned long long)x->manifest.commit);
}

static void check_log(pi_members *x)
{
    parasol_error err;
    pc_buf text;
    const char *path = pi_members_path(x, PC_LOG_NAME);
    pc_buf_init(&text, x->c->mem);
    int rc = path ? pc_file_read(&text, path, LOG_MAX, &err) : PARASOL_OK;
    if (rc == PARASOL_NOMEM)
        pi_check_stop(x->c, rc, &err);
    else if (rc)
        pi_note(x->c, PC_LOG_NAME, "%s", err.message);
    else if (path)
        check_lines(x, pc_buf_str(&text));
    x->c->info.files += !rc;
    x->c->info.bytes += text.len;
    pc_buf_release(&text);
}

/* ---- what else is there -------------------------------------------------- */

static void check_name(pi_members *x, pc_str name)
{
    static const char *const left =
        "of a writer at work, or left by one that was interrupted; the next "
        "one removes it";
    uint64_t number;
    switch (pc_name_parse(name, &number)) {
    case PC_NAME_SEGMENT:
    case PC_NAME_SKIPS:
    case PC_NAME_LIVE:
    case PC_NAME_FILES:
        if (!pi_members_has(x, name))
            pi_note(x->c, name.ptr, "no part of the commit: %s", left);
        break;
    case PC_NAME_MANIFEST:
        if (x->has_manifest && number != x->manifest.commit)
            pi_note(x->c, name.ptr,
                    "the manifest of another commit than the newest; the next "
                    "writer removes it");
        break;
    case PC_NAME_TEMPORARY:
        pi_note(x->c, name.ptr, "unfinished: %s", left);
        break;
    case PC_NAME_FOREIGN:
        if (pc_str_eq(name, PC_STR_LIT("rebuild.tmp")))
            pi_note(x->c, name.ptr,
                    "of a repair at work, or left by one that was interrupted; "
                    "the next one removes it");
        else
            pi_note(x->c, name.ptr, "foreign: no file of an index");
        break;
    case PC_NAME_LOG: check_log(x); break;
    case PC_NAME_LOCK: break;
    }
}

/* ---- all ---------------------------------------------------------------- */

static void count_manifest(pi_members *x)
{
    pi_check *c = x->c;
    if (!x->has_manifest)
        return;
    c->info.commit = x->manifest.commit;
    c->info.documents =
        pc_manifest_docs(&x->manifest) - pc_manifest_dead(&x->manifest);
    c->info.files = 1;
    c->info.bytes = PC_MANIFEST_HEAD + x->manifest.analyzer_spec.len + 4 +
                    x->manifest.n_segments * PC_MANIFEST_ENTRY;
}

static void check_index(pi_members *x)
{
    pi_check *c = x->c;
    pi_members_open(x);
    count_manifest(x);
    if (c->o.deep)
        c->bytes_to_do *= 2;
    for (size_t i = 0; i < x->n && !c->stopped; i++) {
        uint64_t before = c->bytes_done;
        uint64_t all = x->list[i].bytes.map.len * (c->o.deep ? 2 : 1);
        check_member(x, &x->list[i]);
        uint64_t did = c->bytes_done - before;
        pi_check_progress(c, did < all ? all - did : 0);
    }
    if (!c->stopped)
        pi_deep_ids(c);
    for (size_t i = 0; i < x->n_names && !c->stopped; i++)
        check_name(x, x->names[i]);
    if (!c->stopped)
        pi_findings_end(c);
}

static int verdict(const pi_check *c, parasol_error *err)
{
    if (c->stopped) {
        if (err)
            *err = c->error;
        return c->stopped;
    }
    if (c->info.damages)
        return pc_fail(err, PARASOL_CORRUPT, "%s is damaged in %llu place%s",
                       c->dir, (unsigned long long)c->info.damages,
                       c->info.damages > 1 ? "s" : "");
    return PARASOL_OK;
}

int parasol_check(const char *path, const parasol_check_options *options,
                  parasol_check_info *info, parasol_error *err)
{
    pc_mem alloc = {0};
    pi_check c = {.dir = path, .mem = &alloc, .o = PARASOL_CHECK_OPTIONS_INIT};
    pi_members x;
    if (options)
        memcpy(&c.o, options,
               options->struct_size < sizeof c.o ? options->struct_size
                                                 : sizeof c.o);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    if (c.o.alloc)
        alloc = *c.o.alloc;
    c.info.struct_size = sizeof c.info;
    pi_members_init(&x, &c);
    check_index(&x);
    int rc = verdict(&c, err);
    if (info && !c.stopped) {
        size_t size = info->struct_size;
        memcpy(info, &c.info, size < sizeof c.info ? size : sizeof c.info);
        info->struct_size = size;
    }
    pi_members_release(&x);
    pc_free(c.mem, c.ids);
    return rc;
}
