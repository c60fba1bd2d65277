using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Training;

/// <summary>A training run cannot go on; the message says what to change.</summary>
public sealed class TrainingException(string message) : Exception(message);

/// <summary>
/// Trains sigmoid networks with a softmax at the end: first, where asked for, a large one, the teacher, then the one that is
/// wanted on the teacher's probabilities (distillation after Hinton, Vinyals and Dean 2015).
/// </summary>
public static class Trainer
{
    /// <summary>How many of the pictures are trained on: the first ones.</summary>
    public static int Trained(MnistSet set, TrainingOptions options) => set.Count - (int)(set.Count * options.Holdout);

    /// <summary>Trains a network.</summary>
    /// <param name="set">MNIST's training pictures.</param>
    /// <param name="options">What to do with them.</param>
    /// <param name="checkpoint">A file to keep the run in: where it exists, the run goes on from it. Null for none.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="TrainingException">The weights left the range of float32, or the checkpoint is of another run.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token asked to stop.</exception>
    public static Network Train(
        MnistSet set, TrainingOptions options, string? checkpoint = null, IProgress<EpochReport>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Network.Epochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Teacher.Epochs, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Network.LearningRate, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Teacher.LearningRate, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Holdout, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Holdout, 0.9, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Handwriting, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.NoDigits, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Mixing, nameof(options));

        var trained = Trained(set, options);
        using var pictures = new TrainingPictures(set, trained, options);
        var teacher = options.Teacher.Epochs == 0 ? null
            : new Epochs(pictures, options.Teacher, options.Batch, options.Seed, teacher: null, mixing: 0);
        var student = new Epochs(pictures, options.Network, options.Batch, options.Seed, teacher?.Parameters, options.Mixing);
        var file = checkpoint is null ? null : new Checkpoint(checkpoint, $"{trained} pictures, {options}");
        var (isTeacher, done) = file?.Load(teacher, student) ?? (teacher is not null, 0);
        if (isTeacher)
        {
            Run(teacher!, done);
            done = 0;
            isTeacher = false;
        }
        Run(student, done);
        student.Parameters.Soften(Calibration.Temperature(student.Parameters, set, 0, trained));
        return student.Parameters.ToNetwork();

        void Run(Epochs epochs, int from)
        {
            for (var epoch = from + 1; epoch <= epochs.Count; epoch++)
            {
                var loss = epochs.Run(epoch, cancellation);
                if (!epochs.Parameters.IsFinite)
                    throw new TrainingException($"the training diverged in epoch {epoch}: try a learning rate below {epochs.LearningRate}");
                file?.Save(teacher, student, isTeacher, epoch);
                progress?.Report(new EpochReport(
                    isTeacher, epoch, epochs.Count, loss, Calibration.Accuracy(epochs.Parameters, set, trained, set.Count)));
            }
        }
    }
}
