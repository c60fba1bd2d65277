using System.Globalization;
using MnistApi.Inference.Weights;

namespace MnistApi.Training;

/// <summary>
/// A training run between two epochs, as a safetensors file: the parameters, the optimizers' running means, and which
/// run it is. A run that goes on from it ends with the same bits as one that was never stopped.
/// </summary>
internal sealed class Checkpoint(string path, string run)
{
    private const string RunKey = "run";
    private const string StageKey = "stage";
    private const string EpochKey = "epoch";

    /// <summary>Puts what the file holds into the networks.</summary>
    /// <param name="teacher">The teacher, where it comes first.</param>
    /// <param name="student">The network itself.</param>
    /// <returns>Whether the teacher is being trained, and its or the network's epochs done.</returns>
    /// <exception cref="TrainingException">The file is no checkpoint, or one of another run.</exception>
    public (bool IsTeacher, int Epoch) Load(Epochs? teacher, Epochs student)
    {
        if (!File.Exists(path))
            return (teacher is not null, 0);
        try
        {
            var file = SafetensorsReader.Read(File.ReadAllBytes(path));
            var of = file.Metadata.GetValueOrDefault(RunKey);
            if (of != run)
                throw new TrainingException($"{path} belongs to another run: expected one of '{run}', got '{of}'");
            var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Values, StringComparer.Ordinal);
            foreach (var (name, values) in Arrays(teacher, student))
                tensors[name].CopyTo(values);
            return (file.Metadata[StageKey] == nameof(teacher), int.Parse(file.Metadata[EpochKey], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is SafetensorsException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new TrainingException($"{path} is no checkpoint of a training run: {error.Message}");
        }
    }

    /// <summary>Writes the file as a whole.</summary>
    public void Save(Epochs? teacher, Epochs student, bool isTeacher, int epoch)
    {
        var tensors = Arrays(teacher, student).Select(array => new Tensor(array.Name, [array.Values.Length], array.Values)).ToArray();
        SafetensorsWriter.Save(path, new TensorFile(tensors, new Dictionary<string, string>
        {
            [RunKey] = run,
            [StageKey] = isTeacher ? nameof(teacher) : nameof(student),
            [EpochKey] = epoch.ToString(CultureInfo.InvariantCulture),
        }));
    }

    private static IEnumerable<(string Name, float[] Values)> Arrays(Epochs? teacher, Epochs student)
    {
        foreach (var (name, epochs) in new[] { (nameof(teacher), teacher), (nameof(student), student) })
        {
            for (var layer = 0; layer < epochs?.Parameters.Layers; layer++)
            {
                yield return ($"{name}.weights{layer + 1}", epochs.Parameters.Layer(layer));
                yield return ($"{name}.mean{layer + 1}", epochs.Adam.Mean[layer]);
                yield return ($"{name}.square{layer + 1}", epochs.Adam.Square[layer]);
            }
            foreach (var muon in epochs?.Muon ?? [])
                yield return ($"{name}.muon{muon.Layer + 1}", muon.Mean);
        }
    }
}
