package dev.mien.training;

import dev.mien.internal.NativeRuntime;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/** Turns a device word into a LibTorch device. */
public final class Devices {

    static {
        NativeRuntime.load();
    }

    private Devices() {}

    /** The word that {@code auto} stands for on this machine: {@code cuda} where LibTorch can use one, else {@code cpu}. */
    public static String resolve(String word) {
        return word.equals("auto") ? (torch.cuda_is_available() ? "cuda" : "cpu") : word;
    }

    /**
     * Opens {@code cpu}, {@code cuda} or {@code auto}.
     *
     * @throws IllegalArgumentException if the word is another, or CUDA is asked for and not there
     */
    public static Device open(String word) {
        String resolved = resolve(word);
        if (!resolved.equals("cpu") && !resolved.equals("cuda")) {
            throw new IllegalArgumentException("unknown device '" + word + "'; expected auto, cpu or cuda");
        }
        if (resolved.equals("cuda") && !torch.cuda_is_available()) {
            throw new IllegalArgumentException(
                    "--device cuda needs an NVIDIA GPU and the -gpu natives (build with -Pcuda); LibTorch sees no CUDA device");
        }
        return new Device(resolved);
    }
}
