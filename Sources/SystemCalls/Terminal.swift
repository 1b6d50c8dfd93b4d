internal import Glibc

/// The terminal a person sits at, silent and byte by byte until its owner goes away.
///
/// Neither echo nor line editing nor interrupt keys: a passphrase is not shown, and an interrupted prompt cannot leave the
/// terminal without echo. Typed but unread characters are kept.
package struct Terminal: ~Copyable {
    private let descriptor: Int32
    private let original: termios

    /// Whether standard input is a terminal, so that asking makes sense.
    package static var isOnStandardInput: Bool { isatty(STDIN_FILENO) == 1 }

    /// How many characters and lines standard output shows; nil when it is no terminal, or does not say.
    package static var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private init(descriptor: Int32, original: termios) {
        self.descriptor = descriptor
        self.original = original
    }

    /// Opens the controlling terminal and silences it; fails when the process has none.
    package static func openSilently() throws(SystemError) -> Terminal {
        let descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw SystemError(attempt: "open", object: "the terminal", code: errno) }
        var settings = termios()
        guard unsafe tcgetattr(descriptor, &settings) == 0 else {
            let code = errno
            close(descriptor)
            throw SystemError(attempt: "examine", object: "the terminal", code: code)
        }
        let terminal = Terminal(descriptor: descriptor, original: settings)
        settings.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard unsafe tcsetattr(descriptor, TCSADRAIN, &settings) == 0 else {
            throw SystemError(attempt: "silence", object: "the terminal", code: errno)
        }
        return terminal
    }

    deinit {
        var settings = original
        unsafe _ = tcsetattr(descriptor, TCSADRAIN, &settings)
        close(descriptor)
    }

    /// Shows text, whatever standard output and standard error are connected to.
    package borrowing func show(_ text: String) throws(SystemError) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(attempt: "write to", object: "the terminal", code: errno) }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Waits for the next byte typed; nil when the terminal has gone.
    package borrowing func nextByte() throws(SystemError) -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = unsafe read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(attempt: "read from", object: "the terminal", code: errno) }
            return count == 0 ? nil : byte
        }
    }
}
