/*
 * Makes an index of text files: index INDEX FILE...
 *
 *     cc index.c $(pkg-config --cflags --libs parasol-indexer) -o index
 *
 * The first line of each file is its title. What INDEX held is replaced.
 */
#include <stdio.h>
#include <string.h>

#include <parasol/indexer.h>

/* Reads one file and hands it to the indexer, which copies what it keeps. */
static int add_file(parasol_indexer *indexer, const char *path,
                    parasol_error *err)
{
    static char text[1 << 20];
    char title[256] = "";
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return PARASOL_OK; /* the other files can still be indexed */
    }
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    snprintf(title, sizeof title, "%.*s", (int)strcspn(text, "\r\n"), text);

    parasol_document doc = PARASOL_DOCUMENT_INIT;
    doc.id = path; /* shown with each hit; must be unique */
    doc.title = title;
    doc.text = text;
    doc.text_len = len;
    return parasol_indexer_add(indexer, &doc, err);
}

int main(int argc, char **argv)
{
    parasol_indexer *indexer = NULL;
    parasol_error err = {0};
    if (argc < 3) {
        fprintf(stderr, "usage: index INDEX FILE...\n");
        return 2;
    }
    int rc = parasol_indexer_open(&indexer, argv[1], NULL, &err);
    for (int i = 2; i < argc && rc == PARASOL_OK; i++)
        rc = add_file(indexer, argv[i], &err);
    /* Until this returns, searchers see the index as it was before. */
    if (rc == PARASOL_OK)
        rc = parasol_indexer_commit(indexer, NULL, &err);
    if (rc != PARASOL_OK)
        fprintf(stderr, "index: %s\n", err.message);
    parasol_indexer_close(indexer); /* forgets what was not committed */
    return rc == PARASOL_OK ? 0 : 1;
}
