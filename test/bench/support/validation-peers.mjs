import 'class-transformer';
import 'class-validator';
