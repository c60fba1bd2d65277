using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using MnistApi.Inference.Datasets;
using MnistApi.Inference.Weights;
using MnistApi.Training;

namespace MnistApi.Cli.Verbs;

/// <summary>mnist train OUT: new weights from MNIST's training images.</summary>
internal static class TrainVerb
{
    public static Command Create()
    {
        var defaults = new TrainingOptions();
        var result = new Argument<FileInfo>("OUT") { Description = "The weights file to write (.safetensors)." };
        var epochs = new Option<int>("--epochs") { Description = "Passes over the pictures.", DefaultValueFactory = _ => defaults.Epochs };
        var batch = new Option<int>("--batch") { Description = "Pictures a step.", DefaultValueFactory = _ => defaults.Batch };
        var rate = new Option<float>("--learning-rate") { Description = "Adam's step size at the start.", DefaultValueFactory = _ => defaults.LearningRate };
        var strength = new Option<float>("--strength") { Description = "How strongly pictures are distorted, 0 to 1.", DefaultValueFactory = _ => defaults.Strength };
        var seed = new Option<int>("--seed") { Description = "What all chance is drawn from.", DefaultValueFactory = _ => defaults.Seed };
        var holdout = new Option<double>("--holdout") { Description = "Share of the pictures kept out of training, to choose options by.", DefaultValueFactory = _ => defaults.Holdout };
        var name = new Option<string>("--name") { Description = "The model's name.", DefaultValueFactory = _ => "mnist-784-50-100-10" };
        var folder = Data.Folder();
        var noDownload = Data.NoDownload();
        epochs.MustBe(value => value >= 1, "at least 1");
        batch.MustBe(value => value >= 1, "at least 1");
        rate.MustBe(value => value > 0 && float.IsFinite(value), "a number above 0");
        strength.MustBe(value => value is >= 0 and <= 1, "0 to 1");
        holdout.MustBe(value => value is >= 0 and <= 0.9, "0 to 0.9");
        var verb = new Command("train", "Train a 784-50-100-10 network on distorted copies of MNIST's training images.")
        {
            result, epochs, batch, rate, strength, seed, holdout, name, folder, noDownload,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var options = defaults with
            {
                Epochs = parsed.GetValue(epochs),
                Batch = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate),
                Strength = parsed.GetValue(strength),
                Seed = parsed.GetValue(seed),
                Holdout = parsed.GetValue(holdout),
            };
            var path = parsed.GetRequiredValue(result).FullName;
            if (!Directory.Exists(Path.GetDirectoryName(path)))
                throw new DirectoryNotFoundException($"there is no folder {Path.GetDirectoryName(path)} to write to");
            var set = await Data.LoadAsync(output, MnistSplit.Train, parsed.GetValue(folder), parsed.GetValue(noDownload), cancellation);
            var network = await ProgressDisplay.RunAsync(output, "train", report => Task.Run(() => Trainer.Train(
                set, options, new Reporting<EpochReport>(epoch => report((double)epoch.Epoch / epoch.Epochs, Words(epoch))), cancellation), cancellation));
            SafetensorsWriter.Save(path, WeightsFile.ToTensors(network, Metadata(parsed.GetRequiredValue(name), options, set)));
            output.WriteLine($"{path}: {network}, {network.Parameters} parameters");
        });
        return verb;
    }

    private static string Words(EpochReport epoch)
    {
        var loss = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}, loss {epoch.Loss:F4}");
        return double.IsNaN(epoch.HoldoutAccuracy)
            ? loss
            : string.Create(CultureInfo.InvariantCulture, $"{loss}, accuracy on the pictures kept out {epoch.HoldoutAccuracy:F4}");
    }

    /// <summary>What somebody needs to know to make the same weights again.</summary>
    private static Dictionary<string, string> Metadata(string name, TrainingOptions options, MnistSet set) => new()
    {
        [WeightsFile.NameKey] = name,
        [WeightsFile.CreatedByKey] = string.Create(CultureInfo.InvariantCulture,
            $"mnist train --epochs {options.Epochs} --batch {options.Batch} --learning-rate {options.LearningRate} --strength {options.Strength} --seed {options.Seed} --holdout {options.Holdout}"),
        ["program"] = $"MnistApi {typeof(TrainVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
        ["training_pixels_sha256"] = Convert.ToHexStringLower(SHA256.HashData(set.Pixels.Span)),
        ["training_images"] = (set.Count - (int)(set.Count * options.Holdout)).ToString(CultureInfo.InvariantCulture),
    };
}
