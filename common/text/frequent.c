/*
 * Lists of function words, and keys of pairs.
 */
#include "common/text/frequent.h"

#include <string.h>

#include "common/base/base.h"

pc_str pc_frequent_words(const char *language)
{
    static const char *const table[][2] = {
        {"english", "the a an | of and to in is that for it as was with be by "
                    "on not at are or "},
        {"french", "la le les un une des | de et en du que qui dans est pour "
                   "par sur au il ce pas ne se plus à ou "},
        {"german", "der die das den dem des ein eine | und in von zu mit sich "
                   "auf für ist im nicht als auch es an "},
        {"spanish", "el la los las un una | de que en y a del se por para con "
                    "no su al es lo como más o "},
        {"italian", "il la i le gli un una | di e che in a per è del non sono "
                    "con della da si al dei come o "},
        {"portuguese", "o os as um uma | a de que e do da em para é com não no "
                       "se na por mais como ao "},
        {"dutch", "de het een | van en in is dat op te zijn met voor niet aan "
                  "er om als dan of "},
        {"russian", "| и в не на я что он с как это по но к за от из о а "},
    };
    for (size_t i = 0; i < PC_COUNTOF(table); i++)
        if (strcmp(table[i][0], language) == 0)
            return pc_str_of(table[i][1]);
    return (pc_str){"", 0};
}

size_t pc_pair_key(char key[PC_PAIR_MAX], pc_str a, pc_str b)
{
    key[0] = PC_PAIR_MARK;
    memcpy(key + 1, a.ptr, a.len);
    key[a.len + 1] = ' ';
    memcpy(key + a.len + 2, b.ptr, b.len);
    return a.len + b.len + 2;
}
