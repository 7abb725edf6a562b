/*
 * A writer to be interrupted, and the judge of what is left.
 *
 *     commit_workload write DIR ROUNDS   commits ROUNDS times, printing
 *                                        "committed N" or "failed N" each time
 *     commit_workload check DIR ACK      judges the index in DIR, given the
 *                                        file ACK of what was printed
 *     commit_workload strict DIR ACK     also: a failed commit is not there
 *
 * It is meant to be run under a tool that cuts the power, kills the process or
 * makes system calls fail. The content of a commit follows from its number, so
 * that the judge can tell a mixture. DIR/index is the index.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/fail.h"
#include "common/format/name.h"
#include "common/format/sealed.h"
#include "common/os/file.h"
#include "common/segment/store.h"
#include "indexer/commit/commit.h"
#include "indexer/write/store_writer.h"

#define DOCS 3u

/* The text of a document of that commit and segment; a few pages long. */
static void make_text(pc_buf *b, uint64_t commit, uint64_t index, uint32_t doc)
{
    pc_buf_clear(b);
    for (unsigned i = 0; i < 300; i++)
        pc_buf_put_fmt(b, "commit %llu segment %llu document %u line %u %u\n",
                       (unsigned long long)commit, (unsigned long long)index,
                       doc, i, i * 2654435761u);
}

/* ---- writing ----------------------------------------------------------- */

static int write_docs(pi_store_writer *w, uint64_t commit, uint64_t index)
{
    pc_buf text;
    int rc = PARASOL_OK;
    pc_buf_init(&text, NULL);
    for (uint32_t doc = 0; doc < DOCS && !rc; doc++) {
        char title[64];
        make_text(&text, commit, index, doc);
        (void)snprintf(title, sizeof title, "commit %llu",
                       (unsigned long long)commit);
        pc_field fields[3] = {{PC_STR_LIT("path"), PC_STR_LIT("a/b.txt")},
                              {PC_STR_LIT("title"), pc_str_of(title)},
                              {PC_STR_LIT("date"), PC_STR_LIT("")}};
        pi_stored_doc stored = {fields, 3, pc_buf_str(&text)};
        rc = pi_store_add(w, &stored);
    }
    pc_buf_release(&text);
    return rc;
}

static int write_segment(const char *dir, pc_manifest *m, uint64_t index,
                         parasol_error *err)
{
    pc_manifest_segment s = {.number = m->next_segment++, .docs = DOCS};
    pi_store_writer w;
    pi_spool spool;
    pc_buf path;
    pi_out *o = NULL;
    pc_buf_init(&path, NULL);
    pi_store_writer_init(&w, dir, 1, NULL);
    pi_spool_init(&spool, dir, 2000, NULL); /* small: through a file */
    const char *name =
        pc_name_path(&path, dir, PC_NAME_SEGMENT, s.number, "", err);
    int rc = name
                 ? pi_out_create(&o, name, PC_KIND_SEGMENT, s.number, NULL, err)
                 : PARASOL_NOMEM;
    if (rc)
        goto out;
    for (unsigned i = 0; i < 600; i++)
        pi_spool_put_u64(&spool, m->commit);
    rc = write_docs(&w, m->commit, index); /* sticky: told by finish */
    pi_out_begin(o, PC_SECTION_META);
    (void)pi_spool_drain(&spool, o);
    rc = pi_store_finish(&w, o, err);
    rc = pi_out_finish(o, &s.file_bytes, &s.trailer_crc, err);
    if (!rc)
        rc = pc_manifest_add(m, &s, err);
out:
    pi_spool_release(&spool);
    pi_store_writer_release(&w);
    pc_buf_release(&path);
    return rc;
}

static int commit_once(const char *dir, uint64_t *commit, parasol_error *err)
{
    pc_lock lock = {0};
    pc_manifest now;
    pc_manifest next;
    pc_manifest_init(&next, NULL);
    int rc = pi_commit_prepare(dir, &lock, &now, NULL, err);
    *commit = now.commit + 1;
    if (rc)
        goto out;
    next.commit = now.commit + 1;
    next.next_segment = now.next_segment;
    for (uint64_t i = 0; i < 1 + next.commit % 2 && !rc; i++)
        rc = write_segment(dir, &next, i, err);
    if (!rc)
        rc = pi_commit_publish(dir, &next, NULL, err);
    printf("%s %llu\n", rc ? "failed" : "committed",
           (unsigned long long)*commit);
    (void)fflush(stdout);
    pi_commit_collect(dir, rc ? &now : &next, NULL);
out:
    pc_lock_drop(&lock);
    pc_manifest_release(&now);
    pc_manifest_release(&next);
    return rc;
}

static int run_writer(const char *dir, unsigned rounds)
{
    int worst = 0;
    for (unsigned i = 0; i < rounds; i++) {
        parasol_error err = {0};
        uint64_t commit = 0;
        if (commit_once(dir, &commit, &err)) {
            fprintf(stderr, "%s\n", err.message);
            worst = 3;
        }
    }
    return worst;
}

/* ---- judging ----------------------------------------------------------- */

static int check_doc(const pc_store *s, uint64_t commit, uint64_t index,
                     uint32_t doc, parasol_error *err)
{
    pc_buf want;
    pc_buf got;
    pc_arena arena;
    pc_field *fields = NULL;
    size_t n = 0;
    char title[64];
    pc_buf_init(&want, NULL);
    pc_buf_init(&got, NULL);
    pc_arena_init(&arena, NULL, 0);
    make_text(&want, commit, index, doc);
    (void)snprintf(title, sizeof title, "commit %llu",
                   (unsigned long long)commit);
    int rc = pc_store_text(s, doc, 0, UINT32_MAX, &got, err);
    if (!rc)
        rc = pc_store_fields(s, doc, &arena, &fields, &n, err);
    if (!rc && (!pc_str_eq(pc_buf_str(&want), pc_buf_str(&got)) || n != 3 ||
                !pc_str_eq(fields[1].value, pc_str_of(title))))
        rc = pc_fail(err, PARASOL_CORRUPT, "document %u is another", doc);
    pc_buf_release(&want);
    pc_buf_release(&got);
    pc_arena_release(&arena);
    return rc;
}

static int check_segment(const char *dir, const pc_manifest *m, size_t i,
                         parasol_error *err)
{
    const pc_manifest_segment *want = &m->segments[i];
    pc_sealed *f = NULL;
    pc_store s;
    pc_buf path;
    pc_buf_init(&path, NULL);
    const char *name =
        pc_name_path(&path, dir, PC_NAME_SEGMENT, want->number, "", err);
    int rc = name ? pc_sealed_open(&f, name, PC_KIND_SEGMENT, NULL, err)
                  : PARASOL_NOMEM;
    if (!rc && (pc_sealed_bytes(f) != want->file_bytes ||
                pc_sealed_trailer_crc(f) != want->trailer_crc))
        rc = pc_fail(err, PARASOL_CORRUPT, "%s is another file", name);
    if (!rc)
        rc = pc_sealed_verify(f, err);
    if (!rc)
        rc = pc_store_open(&s, f, DOCS, NULL, err);
    if (!rc)
        rc = pc_store_verify(&s, err);
    for (uint32_t doc = 0; doc < DOCS && !rc; doc++)
        rc = check_doc(&s, m->commit, i, doc, err);
    pc_sealed_close(f);
    pc_buf_release(&path);
    return rc;
}

/* *commit is the number of the newest commit, 0 if there is none. */
static int check_index(const char *dir, uint64_t *commit, parasol_error *err)
{
    pc_manifest m;
    int rc = pc_manifest_newest(dir, &m, NULL, err);
    *commit = rc ? 0 : m.commit;
    if (!rc && m.n_segments != 1 + m.commit % 2)
        rc = pc_fail(err, PARASOL_CORRUPT, "a segment is missing");
    for (size_t i = 0; i < m.n_segments && !rc; i++)
        rc = check_segment(dir, &m, i, err);
    pc_manifest_release(&m);
    return rc == PARASOL_NOTFOUND && *commit == 0 ? PARASOL_OK : rc;
}

/* The last line of each kind that the writer printed, among its sentences
   about errors. *failed is 0 when a commit followed. */
static int read_ack(const char *path, uint64_t *committed, uint64_t *failed)
{
    char line[2048];
    unsigned long long n;
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    while (fgets(line, sizeof line, f)) {
        if (sscanf(line, "committed %llu", &n) == 1) {
            *committed = n;
            *failed = 0;
        } else if (sscanf(line, "failed %llu", &n) == 1) {
            *failed = n;
        }
    }
    (void)fclose(f);
    return 1;
}

static int run_judge(const char *dir, const char *ack, int strict)
{
    parasol_error err = {0};
    uint64_t committed = 0;
    uint64_t failed = 0;
    uint64_t found = 0;
    uint64_t next = 0;
    if (!read_ack(ack, &committed, &failed))
        return 2;
    int rc = check_index(dir, &found, &err);
    if (rc || found < committed || (strict && failed && found >= failed)) {
        fprintf(stderr, "found %llu, committed %llu, failed %llu: %s\n",
                (unsigned long long)found, (unsigned long long)committed,
                (unsigned long long)failed, err.message);
        return 1;
    }
    /* The next writer must be able to go on. */
    rc = commit_once(dir, &next, &err);
    if (!rc)
        rc = check_index(dir, &found, &err);
    if (rc || found != next || found <= committed) {
        fprintf(stderr, "cannot go on: %s\n", err.message);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char dir[1024];
    if (argc != 4) {
        fprintf(stderr,
                "usage: %s write DIR ROUNDS | check DIR ACK | "
                "strict DIR ACK\n",
                argv[0]);
        return 2;
    }
    (void)snprintf(dir, sizeof dir, "%s/index", argv[2]);
    if (strcmp(argv[1], "write") == 0)
        return run_writer(dir, (unsigned)strtoul(argv[3], NULL, 10));
    return run_judge(dir, argv[3], strcmp(argv[1], "strict") == 0);
}
