/*
 * The thesaurus that comes with the program, and those of the user.
 */
#include "searcher/cli/thesaurus.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/tool/find_index.h"

#define INSTALLED "../share/parasol/thesaurus.txt"

/* The installed file, by where the program is. */
static bool find_installed(char *path)
{
    char folder[PC_PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (n <= 0)
        return false;
    folder[n] = 0;
    char *slash = strrchr(folder, '/');
    if (!slash)
        return false;
    slash[1] = 0;
    int len = snprintf(path, PC_PATH_BYTES, "%s%s", folder, INSTALLED);
    return len > 0 && len < PC_PATH_BYTES && access(path, R_OK) == 0;
}

int ps_add_thesauri(parasol_searcher *s, parasol_str query, bool without,
                    const char *const *files, size_t n, parasol_error *err)
{
    char path[PC_PATH_BYTES];
    int rc = PARASOL_OK;
    if (!without && find_installed(path))
        rc = parasol_searcher_add_synonyms_for(s, path, query.ptr, query.len,
                                               err);
    for (size_t i = 0; !rc && i < n; i++)
        rc = parasol_searcher_add_synonyms(s, files[i], err);
    /* Not the index is missing, then. */
    if (rc == PARASOL_NOTFOUND || rc == PARASOL_IO)
        err->code = rc = PARASOL_ARG;
    return rc;
}
