package dev.mien.cli;

import dev.mien.internal.MienVersion;
import dev.mien.internal.NativeCuda;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;

/** {@code mien info}: what runs here. */
@Command(
        name = "info",
        header = "Say what mien found on this machine.",
        description = "Versions, processor, kernels and their instruction set, threads, CUDA.",
        footer = {"", "Examples:", "  mien info", "  MIEN_MAX_ISA=avx2 mien info --threads 1 --json"})
final class InfoCommand extends Subcommand {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** The result as JSON. */
    private record Info(
            String mien,
            String java,
            String os,
            String cpu,
            int cores,
            String kernels,
            String libtorch,
            String libtorchIsa,
            int kernelThreads,
            int libtorchThreads,
            boolean cuda,
            String cudaDevice,
            String cudaKernels) {}

    @Override
    void run(Console console) throws IOException {
        NativeRuntime.load();
        Info info = new Info(
                MienVersion.get(),
                System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                cpu(),
                Runtime.getRuntime().availableProcessors(),
                kernels(),
                Loader.getVersion("org.bytedeco", "pytorch"),
                torch.get_cpu_capability().getString(),
                NativeRuntime.threads(),
                torch.get_num_threads(),
                torch.cuda_is_available(),
                torch.cuda_is_available() && NativeRuntime.hasCuda() ? cudaDevice() : null,
                cudaKernels());
        print(info, text(info));
    }

    /** The kernels in use, or why there are none: this command is for finding that out. */
    private static String kernels() {
        try {
            return Kernels.preferred().description();
        } catch (IllegalStateException | IllegalArgumentException e) {
            return "none: " + Failures.sentence(e);
        }
    }

    /** The version of the CUDA kernels, or why there are none. */
    private static String cudaKernels() {
        try {
            return NativeRuntime.hasCuda()
                    ? "libmien_cuda " + NativeRuntime.loadCuda().version()
                    : "none: they are built where nvcc is found";
        } catch (IllegalStateException e) {
            return "none: " + Failures.sentence(e);
        }
    }

    /** The name of the GPU that LibTorch computes on unless told otherwise. */
    static String cudaDevice() {
        NativeCuda cuda = NativeRuntime.loadCuda();
        String name = cuda.device(0);
        return name == null ? "unknown: " + cuda.message() : name;
    }

    /** The processor's name. */
    static String cpu() throws IOException {
        if (!Files.isReadable(CPU_INFO)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String text(Info i) {
        return new TextTable(2, "mien", i.mien)
                .row("java", i.java)
                .row("system", i.os)
                .row("processor", i.cpu + ", " + i.cores + " cores")
                .row("kernels", i.kernels + ", " + i.kernelThreads + " threads")
                .row("libtorch", i.libtorch + " (" + i.libtorchIsa + "), " + i.libtorchThreads + " threads")
                .row("cuda", (i.cuda ? "seen" : "not seen") + (i.cudaDevice == null ? "" : ", " + i.cudaDevice))
                .row("cuda kernels", i.cudaKernels)
                .toString();
    }
}
