/*
 * What parasol-status says.
 */
#include "indexer/cli/status_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/tool/say.h"
#include "indexer/cli/verb.h"

#define REASONS 16

static void say(const char *text)
{
    (void)pc_say_text(stdout, text, strlen(text));
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- changes ------------------------------------------------------------ */

static const char *const kinds[] = {"", "added", "changed", "removed",
                                    "renamed"};

int pi_status_change(const parasol_change *c, void *user)
{
    const pi_status_report *r = user;
    static const char signs[] = " +~->";
    if (c->kind < PARASOL_CHANGE_ADDED || c->kind > PARASOL_CHANGE_RENAMED)
        return 0;
    if (r->json) {
        pi_json_text("{", "change", kinds[c->kind]);
        pi_json_text(",", "path", c->path);
        if (c->kind == PARASOL_CHANGE_RENAMED)
            pi_json_text(",", "from", c->from);
        puts("}");
        return 0;
    }
    printf("  %c ", signs[c->kind]);
    if (c->kind == PARASOL_CHANGE_RENAMED) {
        say(c->from);
        printf(" -> ");
    }
    say(c->path);
    putchar('\n');
    return 0;
}

/* ---- what is not searchable --------------------------------------------- */

static int on_problem(const parasol_problem *p, void *user)
{
    const pi_status_report *r = user;
    char size[32];
    if (r->json) {
        pi_json_text("{", "problem", parasol_skip_word(p->skip));
        pi_json_text(",", "path", p->path);
        pi_json_number(",", "bytes", p->bytes);
        pi_json_text(",", "detail", p->detail);
        puts("}");
        return 0;
    }
    if (p->skip != r->reason)
        return 0;
    printf("    ");
    say(p->path);
    if (p->bytes > 0)
        printf("  %s", pc_say_size(size, p->bytes));
    if (p->detail[0]) {
        printf("  (");
        say(p->detail);
        putchar(')');
    }
    putchar('\n');
    return 0;
}

static uint64_t count_skipped(const parasol_status_info *in)
{
    uint64_t sum = 0;
    for (int i = 0; i < REASONS; i++)
        sum += in->skipped[i];
    return sum;
}

static int say_skipped(pi_status_report *r, const parasol_status_info *in,
                       parasol_error *err)
{
    uint64_t all = count_skipped(in);
    int rc = PARASOL_OK;
    if (all == 0) {
        if (in->seen > 0)
            printf("every file is searchable\n");
        return rc;
    }
    printf("%" PRIu64 " of %" PRIu64 " files %s not searchable%s\n", all,
           in->seen, all == 1 ? "is" : "are",
           r->problems ? ":" : " (parasol status --problems lists them):");
    for (r->reason = 0; !rc && r->reason < REASONS; r->reason++) {
        uint64_t n = in->skipped[r->reason];
        if (n == 0)
            continue;
        printf("  %" PRIu64 " %s: %s\n", n, parasol_skip_word(r->reason),
               parasol_skip_str(r->reason));
        if (r->problems)
            rc = parasol_index_problems(r->index, on_problem, r, err);
    }
    return rc;
}

/* ---- for people --------------------------------------------------------- */

static void say_head(const pi_status_report *r, const parasol_status_info *in)
{
    char when[32], size[32];
    printf(in->packed ? "packed index " : "index ");
    say(r->index);
    printf("  commit %" PRIu64, in->commit);
    if (in->committed)
        printf(" of %s UTC", pi_verb_time(when, in->committed, false));
    printf("  %" PRIu64 " document%s  %s in %" PRIu64 " file%s\n",
           in->documents, plural(in->documents), pc_say_size(size, in->bytes),
           in->files, plural(in->files));
}

static void say_fresh(const parasol_status_info *in)
{
    const uint64_t counts[] = {0, in->added, in->changed, in->removed,
                               in->renamed};
    const char *before = ": ";
    if (in->fresh == PARASOL_FRESH) {
        printf("up to date: %s as when %s indexed\n",
               in->folders == 1 ? "its folder is" : "its folders are",
               in->folders == 1 ? "it was" : "they were");
        return;
    }
    if (in->fresh != PARASOL_FRESH_STALE) {
        if (in->why[0]) {
            printf("whether it is up to date is not known: ");
            say(in->why);
            putchar('\n');
        }
        return;
    }
    printf("out of date");
    for (size_t i = 1; i < PC_COUNTOF(counts); i++) {
        if (counts[i] == 0)
            continue;
        printf("%s%" PRIu64 " %s", before, counts[i], kinds[i]);
        before = ", ";
    }
    printf(" since (parasol index brings it up to date)\n");
}

static void say_dead(const parasol_status_info *in)
{
    if (in->dead == 0)
        return;
    printf("%" PRIu64 " dead document%s, %.1f %% of what is stored, in %" PRIu64
           " of %" PRIu64 " segments (parasol optimize drops them)\n",
           in->dead, plural(in->dead),
           100.0 * (double)in->dead / (double)(in->dead + in->documents),
           in->dead_segments, in->segments);
}

static void say_writer(const parasol_status_info *in)
{
    char when[32];
    if (in->writer == PARASOL_WRITER_UNKNOWN)
        printf("writer: not known, for its lock cannot be read\n");
    if (in->writer != PARASOL_WRITER_AT_WORK &&
        in->writer != PARASOL_WRITER_ENDED)
        return;
    if (in->writer_pid == 0) {
        printf("writer: a process is writing it\n");
        return;
    }
    printf("writer: process %ld on ", in->writer_pid);
    say(in->writer_host);
    printf(in->writer == PARASOL_WRITER_ENDED
               ? ", which has ended; a process that it started still holds the "
                 "lock of %s UTC\n"
               : ", since %s UTC\n",
           pi_verb_time(when, in->writer_since, false));
}

static void say_disk(const parasol_status_info *in)
{
    char size[32], left[32];
    if (in->packed)
        return;
    printf("disk: %s", pc_say_size(size, in->disk_bytes));
    if (in->left_files > 0 && in->writer == PARASOL_WRITER_NONE)
        printf(", of that %s in %" PRIu64
               " file%s left by a writer that was interrupted; the next one "
               "removes them",
               pc_say_size(left, in->left_bytes), in->left_files,
               plural(in->left_files));
    else if (in->left_files > 0)
        printf(", of that %s in %" PRIu64 " file%s of the writer at work",
               pc_say_size(left, in->left_bytes), in->left_files,
               plural(in->left_files));
    if (in->foreign_files > 0)
        printf("; and %" PRIu64 " file%s of others", in->foreign_files,
               plural(in->foreign_files));
    putchar('\n');
}

/* ---- JSON --------------------------------------------------------------- */

static void json_skipped(const parasol_status_info *in)
{
    const char *before = "";
    printf(",\"not_searchable\":{");
    for (int i = 0; i < REASONS; i++) {
        if (in->skipped[i] == 0)
            continue;
        pi_json_number(before, parasol_skip_word(i), in->skipped[i]);
        before = ",";
    }
    putchar('}');
}

static void json_writer(const parasol_status_info *in)
{
    static const char *const words[] = {"none", "at work", "ended", "unknown"};
    char when[32];
    pi_json_text(",", "writer", words[in->writer]);
    if (in->writer == PARASOL_WRITER_NONE || in->writer_pid == 0)
        return;
    pi_json_number(",", "writer_pid", (uint64_t)in->writer_pid);
    pi_json_text(",", "writer_host", in->writer_host);
    pi_json_text(",", "writer_since",
                 pi_verb_time(when, in->writer_since, true));
}

static void say_json(const pi_status_report *r, const parasol_status_info *in)
{
    static const char *const fresh[] = {"unknown", "fresh", "stale"};
    char when[32];
    pi_json_text("{", "path", r->index);
    printf(",\"packed\":%s", in->packed ? "true" : "false");
    pi_json_number(",", "commit", in->commit);
    if (in->committed)
        pi_json_text(",", "committed", pi_verb_time(when, in->committed, true));
    pi_json_text(",", "fresh", fresh[in->fresh]);
    if (in->fresh == PARASOL_FRESH_UNKNOWN)
        pi_json_text(",", "why", in->why);
    pi_json_number(",", "added", in->added);
    pi_json_number(",", "changed", in->changed);
    pi_json_number(",", "removed", in->removed);
    pi_json_number(",", "renamed", in->renamed);
    pi_json_number(",", "documents", in->documents);
    pi_json_number(",", "dead", in->dead);
    pi_json_number(",", "segments", in->segments);
    pi_json_number(",", "seen", in->seen);
    json_skipped(in);
    pi_json_number(",", "files", in->files);
    pi_json_number(",", "bytes", in->bytes);
    pi_json_number(",", "disk_bytes", in->disk_bytes);
    pi_json_number(",", "left_files", in->left_files);
    pi_json_number(",", "left_bytes", in->left_bytes);
    pi_json_number(",", "foreign_files", in->foreign_files);
    json_writer(in);
    puts("}");
}

int pi_status_end(pi_status_report *r, const parasol_status_info *in,
                  parasol_error *err)
{
    if (r->json) {
        int rc = r->problems
                     ? parasol_index_problems(r->index, on_problem, r, err)
                     : PARASOL_OK;
        if (!rc)
            say_json(r, in);
        return rc;
    }
    say_head(r, in);
    say_fresh(in);
    int rc = say_skipped(r, in, err);
    say_dead(in);
    say_writer(in);
    say_disk(in);
    return rc;
}
