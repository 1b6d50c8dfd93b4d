internal import CSystemCalls
internal import Glibc

/// The running process: who it is, and what the system may do to it.
package enum CurrentProcess {
    /// The process id.
    package static var identifier: Int32 { getpid() }

    /// The number of the user whose rights the process has.
    package static var user: UInt32 { geteuid() }

    /// Lets the signals of a crash do what the system does by default.
    ///
    /// Swift's own handlers print a backtrace with the memory at every register, which may be a key.
    package static func resetCrashSignals() {
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT] {
            _ = signal(number, SIG_DFL)
        }
    }

    /// Whether none of the signals of a crash has a handler.
    package static var hasDefaultCrashSignals: Bool {
        [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT].allSatisfy { number in
            var action = sigaction()
            guard unsafe sigaction(number, nil, &action) == 0 else { return false }
            return unsafe action.__sigaction_handler.sa_handler == nil
        }
    }

    /// Sets the largest core file to nothing, for good.
    package static func forbidCoreFiles() throws(SystemError) {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else {
            throw SystemError(attempt: "lower", object: "the limit of core files", code: errno)
        }
    }

    /// Keeps other processes of the same user from reading this one's memory, and core files off; Linux only.
    package static func forbidDumps() throws(SystemError) {
        guard standstill_forbid_dumps() == 0 else {
            throw SystemError(attempt: "forbid", object: "reading this process's memory", code: errno)
        }
    }

    /// New files are closed to everybody but their owner.
    package static func closeNewFilesToOthers() {
        umask(0o077)
    }

    /// Raises the number of files that may be open to `wanted`, or as near as the hard limit allows; returns the result.
    package static func raiseOpenFileLimit(to wanted: Int) throws(SystemError) -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else {
            throw SystemError(attempt: "read", object: "the limit of open files", code: errno)
        }
        if limit.rlim_cur < rlim_t(wanted) {
            limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
            guard unsafe setrlimit(resource, &limit) == 0 else {
                throw SystemError(attempt: "raise", object: "the limit of open files", code: errno)
            }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
