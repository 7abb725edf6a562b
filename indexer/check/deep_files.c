/*
 * The catalog of walked folders: that it can be read to its end, in order.
 */
#include <parasol/indexer.h>

#include "common/segment/files.h"
#include "indexer/check/deep.h"

static const char affects[] =
    "the next run of indexing: it may miss changes, or read all files again";

static void wrong(pi_check *c, const char *name, const char *path,
                  const char *what)
{
    pi_damage(c, (pi_place){name, "FILES", PARASOL_NO_OFFSET, 0}, affects,
              "%s%s%s", path, path[0] ? ": " : "", what);
}

static void read_entries(pi_check *c, const pc_files *files, const char *name)
{
    pc_files_cursor cursor;
    pc_file_entry e;
    pc_buf before;
    parasol_error err = {0};
    uint64_t number, n = 0;
    bool more = true;
    int rc = PARASOL_OK;
    pc_files_cursor_init(&cursor, files);
    pc_buf_init(&before, c->mem);
    while (!c->stopped) {
        rc = pc_files_next(&cursor, &e, &number, &more, &err);
        if (rc || !more)
            break;
        if (n > 0 && pc_str_cmp(pc_buf_str(&before), e.path) >= 0)
            wrong(c, name, e.path.ptr,
                  "it does not stand behind the one "
                  "before");
        if (number != n || e.skip >= PC_MANIFEST_SKIPS)
            wrong(c, name, e.path.ptr, "what is said of it is impossible");
        pc_buf_clear(&before);
        pc_buf_put_str(&before, e.path);
        n++;
    }
    if (rc == PARASOL_NOMEM || before.status)
        pi_check_nomem(c);
    else if (rc)
        wrong(c, name, "", err.message);
    else if (!c->stopped && n != files->count)
        wrong(c, name, "", "it has another number of files than is said");
    pc_buf_release(&before);
    pc_files_cursor_release(&cursor);
}

int pi_deep_files(pi_check *c, const pc_manifest *m, const char *name)
{
    pc_files *files = NULL;
    parasol_error err = {0};
    int rc = pc_files_open(&files, c->dir, m, c->mem, &err);
    if (rc == PARASOL_NOMEM)
        pi_check_nomem(c);
    else if (rc && rc != PARASOL_NOTFOUND)
        wrong(c, name, "", err.message);
    if (files)
        read_entries(c, files, name);
    pc_files_close(files);
    return rc == PARASOL_NOTFOUND;
}
