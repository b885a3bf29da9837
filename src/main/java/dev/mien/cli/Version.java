package dev.mien.cli;

import dev.mien.internal.MienVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code mien --version} prints. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"mien " + MienVersion.get()};
    }
}
