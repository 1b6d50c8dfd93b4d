# Reads demangled x86-64 disassembly (llvm-objdump --no-show-raw-insn) and prints each function that may report an error that it never
# threw: r12, which tells a Swift caller whether a function threw, holds something else, was not saved, and the function returns by a
# jump to memcpy, memmove or memset. The compilers of Swift before the fix of swiftlang/swift#90477 make such code.
# Closures of other packages are left out: where those may not throw, their callers do not look at r12.
# The first input names where functions begin (llvm-objdump --dwarf=frames): some have no symbol and would count to the one before them.
function judge() {
    if (jumps && used && !saved && (name ~ / throws/ || name ~ ours)) print name
}
function begin(text) {
    judge()
    jumps = used = saved = 0
    name = text
}
FNR == NR {
    if (match($0, /FDE .*pc=[0-9a-f]+/)) {
        start = substr($0, RSTART, RLENGTH)
        sub(/.*pc=0*/, "", start)
        starts[start] = 1
    }
    next
}
/^[0-9a-f]+ <.*>:$/ {
    text = $0
    sub(/^[0-9a-f]+ </, "", text)
    sub(/>:$/, "", text)
    begin(text)
    isFirst = 1
    next
}
/^ *[0-9a-f]+:/ {
    address = $1
    sub(/:$/, "", address)
    if (!isFirst && address in starts) begin("what follows " name " at " address)
    isFirst = 0
}
/\tpushq?\t%r12$/ { saved = 1 }
/%r12[dwb]?$/ && !/\t(push|pop|cmp|test)[a-z]*\t/ && !/\txor[a-z]*\t%r12d?, %r12d?$/ { used = 1 }
/\tjmp[a-z]*\t.*<(memcpy|memmove|memset)[@>]/ { jumps = 1 }
END { judge() }
