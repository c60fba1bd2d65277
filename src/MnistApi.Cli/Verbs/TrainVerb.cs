using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Security.Cryptography;
using MnistApi.Inference;
using MnistApi.Inference.Datasets;
using MnistApi.Inference.Weights;
using MnistApi.Training;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist train OUT: new weights from MNIST's training images.</summary>
internal static class TrainVerb
{
    private const int MaxUnits = 4096; // of a teacher's layer

    public static Command Create()
    {
        var defaults = new TrainingOptions();
        var result = new Argument<FileInfo>("OUT") { Description = "The weights file to write (.safetensors)." };
        var epochs = Options.Of("--epochs", "Passes over the pictures.", defaults.Network.Epochs, value => value >= 1, "at least 1");
        var rate = Options.Of("--learning-rate", "The step size at the start; it falls to 0.", defaults.Network.LearningRate,
            IsRate, "a number above 0");
        var teacher = Options.Of("--teacher", "Hidden units of the teacher, such as 400,200.", string.Join(',', defaults.Teacher.Hidden),
            value => !Units(value).Contains(0), $"numbers from 1 to {MaxUnits} with commas between them");
        var teacherEpochs = Options.Of("--teacher-epochs", "The teacher's passes over the pictures; 0 for no teacher.",
            defaults.Teacher.Epochs, value => value >= 0, "at least 0");
        var teacherRate = Options.Of("--teacher-learning-rate", "The teacher's step size at the start.", defaults.Teacher.LearningRate,
            IsRate, "a number above 0");
        var batch = Options.Of("--batch", "Pictures a step.", defaults.Batch, value => value >= 1, "at least 1");
        var strength = Share("--strength", "How strongly pictures are distorted, 0 to 1.", defaults.Strength);
        var handwriting = Share("--handwriting", "Digits from the trainer's own pen, for each of MNIST's.", defaults.Handwriting, 10);
        var noDigits = Share("--no-digits", "Pictures of no digit, for each of MNIST's.", defaults.NoDigits);
        var mixing = Share("--mixing", "Share of the pictures blended with another one when the teacher's probabilities are learnt.",
            defaults.Mixing);
        var seed = Options.Of("--seed", "What all chance is drawn from.", defaults.Seed);
        var holdout = Share("--holdout", "Share of the pictures kept out of training, to choose options by.", defaults.Holdout, 0.9);
        var checkpoint = new Option<FileInfo?>("--checkpoint") { Description = "A file to keep the run in and to go on from." };
        var name = Options.Of("--name", "The model's name.", "mnist-784-50-100-10");
        Option[] settings =
            [epochs, rate, teacher, teacherEpochs, teacherRate, batch, strength, handwriting, noDigits, mixing, seed, holdout];
        var verb = new Command("train",
            "Train a 784-50-100-10 network on distorted copies of MNIST's training images and on handwriting of its own.")
        {
            result, checkpoint, name,
        };
        Array.ForEach(settings, verb.Add);
        var data = new DataOptions(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var options = defaults with
            {
                Network = defaults.Network with { Epochs = parsed.GetValue(epochs), LearningRate = parsed.GetValue(rate) },
                Teacher = new NetworkOptions(Units(parsed.GetRequiredValue(teacher)), parsed.GetValue(teacherEpochs),
                    parsed.GetValue(teacherRate)),
                Batch = parsed.GetValue(batch),
                Strength = parsed.GetValue(strength),
                Handwriting = parsed.GetValue(handwriting),
                NoDigits = parsed.GetValue(noDigits),
                Mixing = parsed.GetValue(mixing),
                Seed = parsed.GetValue(seed),
                Holdout = parsed.GetValue(holdout),
            };
            var path = parsed.GetRequiredValue(result).FullName;
            var keep = parsed.GetValue(checkpoint)?.FullName;
            foreach (var file in new[] { path, keep ?? path })
            {
                if (!Directory.Exists(Path.GetDirectoryName(file)))
                    throw new DirectoryNotFoundException($"there is no folder {Path.GetDirectoryName(file)} to write to");
            }
            var set = await data.LoadAsync(parsed, MnistSplit.Train, cancellation);
            var network = await ProgressDisplay.RunAsync(output, "train", report => Task.Run(() => Trainer.Train(
                set, options, keep, new Reporting<EpochReport>(epoch => report(Done(epoch, options), Words(epoch))), cancellation),
                cancellation));
            var given = settings.Select(option => parsed.GetResult(option) is { Implicit: false } said
                ? $" {option.Name} {said.Tokens[^1].Value}"
                : $" {option.Name} {option.GetDefaultValue()}");
            var metadata = Metadata(parsed.GetRequiredValue(name), "mnist train" + string.Concat(given), options, set);
            if (options.Holdout == 0) // nothing was kept out to choose by: the test images have the last word
                AddFigures(metadata, "test", network, await data.LoadAsync(parsed, MnistSplit.Test, cancellation), 0);
            else
                AddFigures(metadata, "holdout", network, set, Trainer.Trained(set, options));
            SafetensorsWriter.Save(path, WeightsFile.ToTensors(network, metadata));
            output.WriteLine($"{path}: {network}, {network.Parameters} parameters");
        });
        return verb;
    }

    private static bool IsRate(float value) => value > 0 && float.IsFinite(value);

    private static Option<T> Share<T>(string name, string description, T value, double max = 1) where T : INumber<T> =>
        Options.Of(name, description, value, share => share >= T.Zero && share <= T.CreateChecked(max), $"0 to {max}");

    /// <summary>Reads "400,200"; 0 for what is no such number.</summary>
    private static int[] Units(string text) => [.. text.Split(',').Select(part =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MaxUnits ? count : 0)];

    private static double Done(EpochReport epoch, TrainingOptions options) =>
        (double)((epoch.IsTeacher ? 0 : options.Teacher.Epochs) + epoch.Epoch) / (options.Teacher.Epochs + options.Network.Epochs);

    private static string Words(EpochReport epoch) => $"{(epoch.IsTeacher ? "teacher's " : "")}epoch {epoch.Epoch}, loss {epoch.Loss:F4}"
        + (double.IsNaN(epoch.HoldoutAccuracy) ? "" : $", accuracy on the pictures kept out {epoch.HoldoutAccuracy:F4}");

    /// <summary>Accuracy and expected calibration error on the pictures from <paramref name="first"/> on.</summary>
    private static void AddFigures(Dictionary<string, string> metadata, string on, Network network, MnistSet set, int first)
    {
        var y = new float[(set.Count - first) * network.Outputs];
        network.Forward(set.Pixels.Span[(first * network.Inputs)..], y);
        var calibration = new CalibrationBins();
        var correct = 0;
        for (var i = first; i < set.Count; i++)
        {
            var probabilities = y.AsSpan((i - first) * network.Outputs, network.Outputs);
            var digit = Classes.Best(probabilities);
            var isRight = digit == set.Labels.Span[i];
            calibration.Add(probabilities[digit], isRight);
            correct += isRight ? 1 : 0;
        }
        metadata[$"{on}_accuracy"] = $"{(double)correct / (set.Count - first):F4}";
        metadata[$"{on}_calibration_error"] = $"{calibration.ExpectedError():F4}";
    }

    /// <summary>What somebody needs to know to make the same weights again.</summary>
    private static Dictionary<string, string> Metadata(string name, string command, TrainingOptions options, MnistSet set) => new()
    {
        [WeightsFile.NameKey] = name,
        [WeightsFile.CreatedByKey] = command,
        ["program"] = "MnistApi "
            + typeof(TrainVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        ["training_pixels_sha256"] = Convert.ToHexStringLower(SHA256.HashData(set.Pixels.Span)),
        ["training_labels_sha256"] = Convert.ToHexStringLower(SHA256.HashData(set.Labels.Span)),
        ["training_images"] = $"{Trainer.Trained(set, options)}",
    };
}
