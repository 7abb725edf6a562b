/*
 * parasol-id: prints the id of an index. `parasol id` runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parasol/indexer.h>

#include "common/tool/exit.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"

enum { OPT_INDEX, OPT_HELP };

static const pc_opt table[] = {
    {OPT_INDEX, 'i', "index", "PATH",
     "the index (default $PARASOL_INDEX, else .parasol)"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

static int usage(FILE *out)
{
    fputs("Usage: parasol id [--index PATH]\n\n"
          "Prints the id of an index: 64 hexadecimal digits, the SHA-256 of "
          "all that was made\nof its documents. The same documents and options "
          "give the same id, whatever the\nthreads, the memory, the order of "
          "the arguments and the number of the commit.\nReads and verifies the "
          "whole index.\n\nOptions:\n",
          out);
    pc_opts_usage(table, PC_COUNTOF(table), out);
    fputs("\nExit status: 0 printed; 2 usage; 4 no index here; 5 it is "
          "damaged; 6 another\nversion made it; 8 no memory.\n",
          out);
    return fflush(out) ? PC_EXIT_RESOURCE : PC_EXIT_OK;
}

static int fail(const char *message, int status)
{
    fputs("parasol id: ", stderr);
    (void)pc_say_text(stderr, message, strlen(message));
    fputc('\n', stderr);
    if (status == PC_EXIT_USAGE)
        fputs("Try: parasol id --help\n", stderr);
    return status;
}

int main(int argc, char **argv)
{
    pc_opts o;
    int i;
    const char *index = getenv("PARASOL_INDEX");
    char id[PARASOL_ID_ROOM];
    parasol_error err = {0};
    pc_opts_init(&o, table, PC_COUNTOF(table), argc, argv);
    while ((i = pc_opts_next(&o)) != PC_OPTS_END) {
        if (i == PC_OPTS_ERROR)
            return fail(o.message, PC_EXIT_USAGE);
        if (table[i].id == OPT_HELP)
            return usage(stdout);
        index = o.value;
    }
    if (o.operand_count > 0)
        return fail("it takes no arguments; give --index", PC_EXIT_USAGE);
    if (!index || !*index)
        index = ".parasol";
    int rc = parasol_index_id(index, id, &err);
    if (rc)
        return fail(err.message, pc_exit_of(rc));
    puts(id);
    return fflush(stdout) ? PC_EXIT_RESOURCE : PC_EXIT_OK;
}
