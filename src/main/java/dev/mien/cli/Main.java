package dev.mien.cli;

import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.bench.Clusters;
import dev.mien.bench.Operation;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.data.AugmentationKind;
import dev.mien.data.Split;
import dev.mien.data.ViewSet;
import dev.mien.experiment.TrainingFeatures;
import dev.mien.kernels.CudaPrecision;
import dev.mien.kernels.Distance;
import dev.mien.miners.MinerKind;
import dev.mien.miners.NegativeChoice;
import dev.mien.miners.Semantics;
import dev.mien.recognition.FaceSource;
import dev.mien.training.Batching;
import dev.mien.training.ClassWeights;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code mien <command> [options]}. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "mien",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Triplet mining, metric learning and facial expression recognition on the JVM.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to stdout, everything else to stderr.",
            "'mien COMMAND --help' explains a command, with examples."
        })
public final class Main implements Runnable {

    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static { // in the order of the help
        COMMANDS.put("experiment", ExperimentCommand.class);
        COMMANDS.put("study", StudyCommand.class);
        COMMANDS.put("train", TrainCommand.class);
        COMMANDS.put("embed", EmbedCommand.class);
        COMMANDS.put("fit", FitCommand.class);
        COMMANDS.put("evaluate", EvaluateCommand.class);
        COMMANDS.put("retrieval", RetrievalCommand.class);
        COMMANDS.put("predict", PredictCommand.class);
        COMMANDS.put("mine", MineCommand.class);
        COMMANDS.put("distances", DistancesCommand.class);
        COMMANDS.put("bench", BenchCommand.class);
        COMMANDS.put("data", DataCommand.class);
        COMMANDS.put("model", ModelCommand.class);
        COMMANDS.put("info", InfoCommand.class);
        COMMANDS.put("help", HelpCommand.class);
    }

    @Mixin
    private GlobalOptions global;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // scripts read the figures: always a decimal point
        System.exit(run(arguments));
    }

    /** Runs one command in this process and returns its exit code. */
    static int run(String... arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code;
        try {
            code = commandLine(out, err, arguments).execute(arguments);
        } catch (Throwable error) { // picocli hands over exceptions only; out of memory is an Error
            code = failed(error, err, List.of(arguments).contains("--stacktrace"));
        }
        out.flush();
        if (out.checkError()) {
            err.println("mien: standard output cannot be written");
            return ExitCode.SOFTWARE;
        }
        return code;
    }

    private static CommandLine commandLine(PrintWriter out, PrintWriter err, String[] arguments) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        addCommands(line, arguments);
        line.setOut(out)
                .setErr(err)
                .setUsageHelpWidth(80)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler((failure, given) -> misused(failure, err))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> failed(failure, err, main.global.stacktrace()));
        WordConverters.register(
                line,
                AugmentationKind.class,
                BackboneKind.class,
                Batching.class,
                ClassifierKind.class,
                ClassWeights.class,
                ClassifierPreset.class,
                Clusters.class,
                CudaPrecision.class,
                DeviceWord.class,
                Distance.class,
                FaceSource.class,
                LossKind.class,
                MinerKind.class,
                ModelExportCommand.Format.class,
                NegativeChoice.class,
                Operation.class,
                Precision.class,
                PredictionFormat.class,
                Preset.class,
                Semantics.class,
                Split.class,
                TrainingFeatures.class,
                ViewSet.class);
        line.registerConverter(RankWindow.class, RankWindow::parse);
        keepOrder(line);
        return line;
    }

    /** The one command that is called, as the options of all take longer to read than a small file to mine; or all. */
    private static void addCommands(CommandLine line, String[] arguments) {
        String called = Arrays.stream(arguments)
                .filter(COMMANDS::containsKey)
                .findFirst()
                .orElse("help");
        COMMANDS.forEach((name, command) -> {
            if (called.equals(name) || called.equals("help")) {
                line.addSubcommand(name, command);
            }
        });
    }

    /** Help lists options as declared: what matters most comes first, the global options last. */
    private static void keepOrder(CommandLine line) {
        line.getCommandSpec().usageMessage().sortOptions(false).sortSynopsis(false);
        line.getSubcommands().values().forEach(Main::keepOrder);
    }

    private static int failed(Throwable failure, PrintWriter err, boolean trace) {
        err.println("mien: " + Failures.sentence(failure));
        if (trace) {
            failure.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    private static int misused(ParameterException failure, PrintWriter err) {
        CommandLine command = failure.getCommandLine();
        err.println("mien: " + Failures.firstLine(failure.getMessage()) + suggestion(failure) + "; see '"
                + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitCode.USAGE;
    }

    private static String suggestion(ParameterException failure) {
        List<String> similar =
                failure instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        // picocli takes retrieval for likelier than train where trian was typed
        return similar.stream()
                .min(Comparator.comparingInt(word -> Math.abs(word.length()
                        - ((UnmatchedArgumentException) failure)
                                .getUnmatched()
                                .get(0)
                                .length())))
                .map(word -> "; did you mean " + word + "?")
                .orElse("");
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }

    GlobalOptions global() {
        return global;
    }
}
