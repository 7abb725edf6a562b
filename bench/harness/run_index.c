/* parasol-bench index: documents from lines of JSON, as `parasol index
   --jsonl` reads them. Title and text are one field, as the peers have it. */
#include <stdio.h>

#include "bench/harness/harness.h"
#include "common/tool/heap.h"

static const char usage[] =
    "parasol-bench index DOCS.jsonl DIR [--store] [--memory-mb M] [--jobs N]";

int bench_run_index(int argc, char **argv)
{
    static const char *const fields[] = {"title", "text"};
    const char *plain[2], *mb = NULL, *threads = NULL;
    bool store = false;
    const bench_option options[] = {{"--store", NULL, &store},
                                    {"--memory-mb", &mb, NULL},
                                    {"--jobs", &threads, NULL}};
    uint64_t megabytes, jobs;
    if (!bench_args(argc, argv, usage, plain, 2, options, 3) ||
        !bench_number(&megabytes, mb, 4096, 1 << 20) ||
        !bench_number(&jobs, threads, 1, 1024))
        return 2;
    pc_heap_tune(megabytes << 20); /* as parasol-index does */
    parasol_error err = {0};
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.ids = 0; /* as the others: they store ids and find nothing by them */
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    parasol_lines_options lines = PARASOL_LINES_OPTIONS_INIT;
    parasol_tree_summary summary = PARASOL_TREE_SUMMARY_INIT;
    lines.title = "";
    lines.fields = fields;
    lines.field_count = 2;
    lines.strict = 1;
    o.store_text = store;
    o.jobs = (unsigned)jobs;
    o.memory = megabytes << 20;
    double start = bench_now();
    int rc = parasol_indexer_open(&w, plain[1], &o, &err);
    if (!rc)
        rc = parasol_indexer_add_lines(w, plain[0], &lines, &summary, &err);
    double read = bench_now();
    if (!rc)
        rc = parasol_indexer_commit(w, &info, &err);
    parasol_indexer_close(w);
    if (rc)
        return bench_fail(plain[0], &err);
    printf("docs=%llu wall=%.2fs commit=%.2fs bytes=%llu\n",
           (unsigned long long)info.documents, (bench_now() - start) / 1e6,
           (bench_now() - read) / 1e6, (unsigned long long)info.index_bytes);
    return 0;
}
