package dev.mien.backbones;

import net.razorvine.pickle.PickleException;

/** Why a pickle is refused; the message continues a sentence that starts with the file. */
final class PickleRefusal extends PickleException {

    private static final long serialVersionUID = 1;

    PickleRefusal(String message) {
        super(message);
    }

    PickleRefusal(String message, Throwable cause) {
        super(message, cause);
    }
}
